#include "storage/key_files.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "storage/files.h"

namespace sshkeep::storage {
namespace {

constexpr std::size_t seed_size = 32;

/// A seed that is wiped when it goes.
struct Seed {
    std::array<std::uint8_t, seed_size> bytes{};

    Seed() = default;
    Seed(const Seed&) = delete;
    Seed& operator=(const Seed&) = delete;
    ~Seed() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

Result<std::optional<ledger::PrivateKey>> read_key(const std::string& path) {
    auto file = read_small_file(path, seed_size);
    if (!file && file.error().code == ErrorCode::not_found) {
        return std::nullopt;
    }
    if (!file) {
        return std::unexpected(std::move(file).error());
    }
    Seed seed;
    const bool whole = file->size() == seed_size;
    if (whole) {
        std::ranges::copy(ledger::as_bytes(*file), seed.bytes.begin());
    }
    OPENSSL_cleanse(file->data(), file->size());
    if (!whole) {
        return fail(ErrorCode::invalid, path + ": a private key is 32 bytes");
    }
    return TRY(ledger::PrivateKey::from_seed(seed.bytes));
}

/// Best effort: a copy-on-write file system or a flash disk may keep the old bytes (docs/threat-model.md).
Result<void> overwrite(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        return errno == ENOENT ? Result<void>() : std::unexpected(system_error(path));
    }
    const std::array<char, seed_size> zeros{};
    const bool done = ::write(fd, zeros.data(), zeros.size()) == static_cast<ssize_t>(zeros.size()) && ::fsync(fd) == 0;
    auto result = done ? Result<void>() : std::unexpected(system_error(path));
    ::close(fd);
    return result;
}

}  // namespace

Result<std::optional<ledger::PrivateKey>> KeyFiles::read_current() { return read_key(current_path()); }

Result<std::optional<ledger::PrivateKey>> KeyFiles::read_next() { return read_key(next_path()); }

Result<ledger::PrivateKey> KeyFiles::create_next() {
    Seed seed;
    if (::getrandom(seed.bytes.data(), seed.bytes.size(), 0) != static_cast<ssize_t>(seed.bytes.size())) {
        return std::unexpected(system_error("getrandom"));
    }
    TRY(replace_file(next_path(), ledger::as_text(seed.bytes), 0600));
    return ledger::PrivateKey::from_seed(seed.bytes);
}

Result<void> KeyFiles::promote_next() {
    if (::access(next_path().c_str(), F_OK) != 0) {
        return std::unexpected(system_error(next_path()));
    }
    TRY(overwrite(current_path()));
    if (::rename(next_path().c_str(), current_path().c_str()) != 0) {
        return std::unexpected(system_error(current_path()));
    }
    return sync_directory(directory_);
}

}  // namespace sshkeep::storage
