#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "keyfmt/revoked_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sshkeep;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto revoked = keyfmt::parse_revoked_keys(bytes);
    CHECK(revoked.krl || (revoked.sha1.empty() && revoked.certificates.empty()));
    keyfmt::PublicKey key{.fingerprint = "SHA256:x", .blob = "x"};
    CHECK(!revoked.contains(key));
    key.certificate = keyfmt::Certificate{.serial = 7, .ca_fingerprint = "SHA256:y"};
    static_cast<void>(revoked.contains(key));
    return 0;
}
