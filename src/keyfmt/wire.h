#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sshkeep::keyfmt {

/// Reads the data types of RFC 4251 section 5 one after the other. After the first that does not fit, nothing does:
/// every later read gives nothing too. The views point into the bytes given.
class WireReader {
public:
    explicit WireReader(std::string_view bytes) noexcept : rest_(bytes) {}

    [[nodiscard]] std::optional<std::uint32_t> u32() noexcept;
    [[nodiscard]] std::optional<std::uint64_t> u64() noexcept;
    [[nodiscard]] std::optional<std::string_view> string() noexcept;
    /// A string that sshd uses as a C string: a NUL may only end it, and is dropped.
    [[nodiscard]] std::optional<std::string_view> text() noexcept;
    /// The magnitude without leading zeros. Refuses what sshd refuses: a negative number, more than 16384 bits.
    [[nodiscard]] std::optional<std::string_view> mpint() noexcept;

    [[nodiscard]] bool at_end() const noexcept { return !failed_ && rest_.empty(); }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

private:
    std::optional<std::uint64_t> unsigned_number(std::size_t size) noexcept;

    std::string_view rest_;
    bool failed_ = false;
};

void append_string(std::string& out, std::string_view bytes);
/// `magnitude` is big-endian without leading zeros.
void append_mpint(std::string& out, std::string_view magnitude);
[[nodiscard]] std::string_view without_leading_zeros(std::string_view number) noexcept;
/// Bits of a big-endian magnitude without leading zeros.
[[nodiscard]] unsigned bit_length(std::string_view magnitude) noexcept;

}  // namespace sshkeep::keyfmt
