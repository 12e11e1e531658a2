#include "storage/surroundings.h"

#include <pwd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "ledger/encoding.h"
#include "storage/files.h"

namespace sshkeep::storage {
namespace {

constexpr std::size_t small = 4096;
constexpr std::size_t max_environment = 256UZ * 1024;
constexpr std::size_t max_auth_info = 64UZ * 1024;
constexpr int max_ancestors = 64;

std::string read_trimmed(const std::string& path) {
    const auto bytes = read_small_file(path, small);
    return bytes ? std::string(trim(*bytes)) : std::string();
}

std::string user_name(std::uint32_t uid) {
    struct passwd entry{};
    struct passwd* found = nullptr;
    std::array<char, 16384> buffer;
    const bool known = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
    return known ? entry.pw_name : "";
}

/// Parent of a process, from the fourth field of its stat; the name before it may hold any character but ends at the
/// last ')'.
std::optional<std::uint64_t> parent_of(std::uint64_t pid) {
    const auto stat = read_trimmed("/proc/" + std::to_string(pid) + "/stat");
    const auto end = stat.rfind(") ");
    if (end == std::string::npos) {
        return std::nullopt;
    }
    const auto words = split_words(std::string_view(stat).substr(end + 2));
    return words.size() > 1 ? parse_uint(words[1]) : std::nullopt;
}

std::string variable_of(std::uint64_t pid, std::string_view name) {
    const auto bytes = read_small_file("/proc/" + std::to_string(pid) + "/environ", max_environment);
    if (bytes) {
        for (const auto entry : split(*bytes, '\0')) {
            if (entry.starts_with(name) && entry.substr(name.size()).starts_with('=')) {
                return std::string(entry.substr(name.size() + 1));
            }
        }
    }
    return {};
}

/// sudo drops SSH_USER_AUTH, so the ancestors are asked too; the outermost, the login shell, is believed.
std::string session_key() {
    std::string path;
    auto pid = std::optional<std::uint64_t>(::getpid());
    for (int i = 0; i < max_ancestors && pid && *pid > 1; ++i) {
        if (auto found = variable_of(*pid, "SSH_USER_AUTH"); !found.empty()) {
            path = std::move(found);
        }
        pid = parent_of(*pid);
    }
    if (path.empty() || path[0] != '/') {
        return {};
    }
    const auto info = read_small_file(path, max_auth_info);
    return info ? fingerprint_of_auth_info(*info) : std::string();
}

}  // namespace

std::string fingerprint_of_auth_info(std::string_view text) {
    std::string fingerprint;
    for (const auto line : split(text, '\n')) {
        const auto words = split_words(line);
        if (words.size() < 3 || words[0] != "publickey") {
            continue;
        }
        if (const auto blob = ledger::parse_base64(words[2])) {
            auto hash = ledger::to_base64(ledger::sha256(*blob));
            hash.resize(hash.find('='));
            fingerprint = "SHA256:" + hash;
        }
    }
    return fingerprint;
}

SystemSurroundings::SystemSurroundings() {
    auto boot = read_trimmed("/proc/sys/kernel/random/boot_id");
    std::erase(boot, '-');
    if (const auto bytes = ledger::parse_hex(boot); bytes && bytes->size() == boot_.size()) {
        std::ranges::copy(ledger::as_bytes(*bytes), boot_.begin());
    }
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) == 0) {
        host_ = name.data();
    }
    actor_.uid = ::getuid();
    const auto login = parse_uint(read_trimmed("/proc/self/loginuid"));
    actor_.login_uid = login && *login <= ledger::no_login ? static_cast<std::uint32_t>(*login) : ledger::no_login;
    actor_.user = user_name(actor_.login_uid == ledger::no_login ? actor_.uid : actor_.login_uid);
    actor_.pid = static_cast<std::uint32_t>(::getpid());
    actor_.process = read_trimmed("/proc/self/comm");
    actor_.key = session_key();
}

ledger::Moment SystemSurroundings::now() {
    const auto read = [](clockid_t clock) {
        struct timespec time{};
        CHECK(::clock_gettime(clock, &time) == 0);
        return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
    };
    return {read(CLOCK_REALTIME), boot_, static_cast<std::uint64_t>(read(CLOCK_BOOTTIME))};
}

Result<void> SystemSurroundings::fill_random(std::span<std::uint8_t> bytes) {
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        return std::unexpected(system_error("getrandom"));
    }
    return {};
}

}  // namespace sshkeep::storage
