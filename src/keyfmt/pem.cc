#include "keyfmt/pem.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "keyfmt/private_key.h"

namespace sshkeep::keyfmt {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view mark_end = "-----";
constexpr std::string_view any_private_key = "PRIVATE KEY";
constexpr std::size_t max_body = std::size_t{512} * 1024;

std::string_view take_line(std::string_view& bytes) {
    const auto end = std::min(bytes.find('\n'), bytes.size());
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    return trim(line);
}

/// The label of a line "-----BEGIN LABEL-----" for a private key.
std::optional<std::string_view> private_key_label(std::string_view line) {
    if (!line.starts_with(begin_mark) || !line.ends_with(mark_end)) {
        return std::nullopt;
    }
    line.remove_prefix(begin_mark.size());
    if (line.size() < mark_end.size()) {
        return std::nullopt;
    }
    line.remove_suffix(mark_end.size());
    return line.ends_with(any_private_key) ? std::optional(line) : std::nullopt;
}

}  // namespace

std::unexpected<Error> damaged_private_key(std::string_view what) {
    return fail(ErrorCode::invalid, std::string("damaged private key: ").append(what));
}

bool is_algorithm_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '-' || c == '@' ||
               c == '.' || c == '_';
    });
}

Result<PemBlock> find_private_key_block(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto label = private_key_label(take_line(bytes));
        if (!label) {
            continue;
        }
        const auto end = bytes.find("-----END " + std::string(*label) + "-----");
        if (end == std::string_view::npos) {
            return damaged_private_key("no end");
        }
        if (end > max_body) {
            return fail(ErrorCode::too_large, "private key of more than " + std::to_string(max_body) + " characters");
        }
        return PemBlock{*label, bytes.substr(0, end)};
    }
    return fail(ErrorCode::invalid, "not a private key");
}

Result<std::string> take_pem_cipher(std::string_view& body) {
    constexpr std::string_view encryption = "DEK-Info:";
    std::string cipher;
    bool encrypted = false;
    for (auto rest = body; body.substr(0, body.find('\n')).find(':') != std::string_view::npos; body = rest) {
        const auto line = take_line(rest);
        encrypted = encrypted || (line.starts_with("Proc-Type:") && line.ends_with("ENCRYPTED"));
        if (line.starts_with(encryption)) {
            const auto value = line.substr(encryption.size());
            cipher = ascii_lower(trim(value.substr(0, value.find(','))));
        }
    }
    if (encrypted != !cipher.empty() || (encrypted && !is_algorithm_name(cipher))) {
        return damaged_private_key("encryption headers");
    }
    return cipher;
}

bool looks_like_private_key(std::string_view bytes) noexcept {
    constexpr std::size_t quick_look = 4096;
    bytes = bytes.substr(0, quick_look);
    while (!bytes.empty()) {
        if (private_key_label(take_line(bytes))) {
            return true;
        }
    }
    return false;
}

}  // namespace sshkeep::keyfmt
