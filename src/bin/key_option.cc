#include "bin/key_option.h"

#include <utility>

#include "base/text.h"
#include "bin/cli_support.h"
#include "keyfmt/private_key.h"

namespace sshkeep::bin {
namespace {

Result<keyfmt::PublicKey> parse_public(const std::string& path, const std::string& bytes) {
    auto reason = fail(ErrorCode::invalid, "no key");
    for (const auto line : split(bytes, '\n')) {
        if (trim(line).empty() || trim(line).starts_with('#')) {
            continue;
        }
        auto key = keyfmt::parse_public_key_line(trim(line));
        if (key) {
            return std::move(key->key);
        }
        reason = std::unexpected(std::move(key).error());
        break;
    }
    return std::unexpected(std::move(reason).error().in(path));
}

}  // namespace

Result<keyfmt::PublicKey> read_key(const std::string& path) {
    const auto bytes = TRY(read_named_file(path));
    if (!keyfmt::looks_like_private_key(bytes)) {
        return parse_public(path, bytes);
    }
    const auto half = path + ".pub";
    if (const auto beside = read_named_file(half)) {
        return parse_public(half, *beside);
    }
    auto header = keyfmt::parse_private_key_header(bytes);
    if (!header) {
        return std::unexpected(std::move(header).error().in(path));
    }
    if (!header->public_key) {
        return fail(ErrorCode::invalid, path + " does not tell its public key; " + half + " would");
    }
    return *std::move(header->public_key);
}

}  // namespace sshkeep::bin
