#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "keyfmt/public_key.h"

using sshkeep::keyfmt::parse_public_key_blob;
using sshkeep::keyfmt::parse_public_key_line;
using sshkeep::keyfmt::PublicKey;

namespace {

void check(const PublicKey& key) {
    CHECK(key.kind != sshkeep::keyfmt::KeyKind::unknown);
    CHECK(key.fingerprint.size() == 50 && key.fingerprint.starts_with("SHA256:"));
    const auto again = parse_public_key_blob(key.blob);
    CHECK(again && again->fingerprint == key.fingerprint && again->type == key.type && again->bits == key.bits);
}

}  // namespace

// The bytes as a blob, and as a line of text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto key = parse_public_key_blob(bytes)) {
        check(*key);
        CHECK(key->blob == bytes);
    }
    if (const auto line = parse_public_key_line(bytes)) {
        check(line->key);
        CHECK(line->comment.raw().find('\n') == std::string_view::npos);
    }
    return 0;
}
