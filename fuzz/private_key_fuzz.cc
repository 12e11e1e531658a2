#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "keyfmt/base64.h"
#include "keyfmt/private_key.h"

using sshkeep::keyfmt::parse_private_key_header;

namespace {

void run(std::string_view text) {
    const auto header = parse_private_key_header(text);
    CHECK(!header || header->encrypted == (header->cipher != "none"));
    CHECK(!header || header->cipher.size() <= 64);
}

/// A file around the contents, so that the fuzzer need not learn base64.
std::string armour(std::string_view label, std::string_view contents) {
    auto base64 = sshkeep::keyfmt::encode_base64_unpadded(contents);
    base64.append((4 - base64.size() % 4) % 4, '=');
    const std::string name = std::string(label) + "PRIVATE KEY-----\n";
    return "-----BEGIN " + name + base64 + "\n-----END " + name;
}

}  // namespace

// A first byte below 6 chooses a format and the rest are its contents; anything else is a file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::string_view, 6> labels{"OPENSSH ", "RSA ", "DSA ", "EC ", "", "ENCRYPTED "};
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (size > 0 && data[0] < labels.size()) {
        run(armour(labels.at(data[0]), bytes.substr(1)));
    } else {
        run(bytes);
        (void)sshkeep::keyfmt::looks_like_private_key(bytes);
    }
    return 0;
}
