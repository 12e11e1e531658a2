#include "keyfmt/key_type.h"

#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/check.h"

namespace sshkeep::keyfmt {
namespace {

using enum KeyKind;
constexpr auto p256 = Curve::nistp256;
constexpr auto p384 = Curve::nistp384;
constexpr auto p521 = Curve::nistp521;

constexpr std::string_view sk_ecdsa_name = "sk-ecdsa-sha2-nistp256@openssh.com";
constexpr std::string_view sk_ed25519_name = "sk-ssh-ed25519@openssh.com";
constexpr std::string_view mldsa_name = "ssh-mldsa44-ed25519";
constexpr std::string_view early_mldsa_name = "ssh-mldsa44-ed25519@openssh.com";  // OpenSSH 10.4 and 10.5
constexpr unsigned mldsa_bits = 512;
constexpr unsigned early_mldsa_bits = 256;  // the size that those releases print

// The commonest first: the table is searched from the top.
constexpr auto key_types = std::to_array<KeyType>({
    {"ssh-ed25519", "ssh-ed25519", ed25519},
    {"ssh-rsa", "ssh-rsa", rsa},
    {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", ecdsa, p256},
    {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", ecdsa, p384},
    {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", ecdsa, p521},
    {sk_ed25519_name, sk_ed25519_name, sk_ed25519},
    {sk_ecdsa_name, sk_ecdsa_name, sk_ecdsa, p256},
    {"webauthn-sk-ecdsa-sha2-nistp256@openssh.com", sk_ecdsa_name, sk_ecdsa, p256},
    {"ssh-dss", "ssh-dss", dsa},
    {mldsa_name, mldsa_name, mldsa44_ed25519, Curve::none, false, mldsa_bits},
    {early_mldsa_name, early_mldsa_name, mldsa44_ed25519, Curve::none, false, early_mldsa_bits},
    {"rsa-sha2-256", "ssh-rsa", rsa},
    {"rsa-sha2-512", "ssh-rsa", rsa},
    {"ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519", ed25519, Curve::none, true},
    {"ssh-rsa-cert-v01@openssh.com", "ssh-rsa", rsa, Curve::none, true},
    {"rsa-sha2-256-cert-v01@openssh.com", "ssh-rsa", rsa, Curve::none, true},
    {"rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa", rsa, Curve::none, true},
    {"ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256", ecdsa, p256, true},
    {"ecdsa-sha2-nistp384-cert-v01@openssh.com", "ecdsa-sha2-nistp384", ecdsa, p384, true},
    {"ecdsa-sha2-nistp521-cert-v01@openssh.com", "ecdsa-sha2-nistp521", ecdsa, p521, true},
    {"sk-ssh-ed25519-cert-v01@openssh.com", sk_ed25519_name, sk_ed25519, Curve::none, true},
    {"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", sk_ecdsa_name, sk_ecdsa, p256, true},
    {"webauthn-sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", sk_ecdsa_name, sk_ecdsa, p256, true},
    {"ssh-dss-cert-v01@openssh.com", "ssh-dss", dsa, Curve::none, true},
    {"ssh-mldsa44-ed25519-cert", mldsa_name, mldsa44_ed25519, Curve::none, true, mldsa_bits},
    {"ssh-mldsa44-ed25519-cert-v01@openssh.com", early_mldsa_name, mldsa44_ed25519, Curve::none, true,
     early_mldsa_bits},
});

struct FreeEc {
    void operator()(EC_GROUP* group) const noexcept { EC_GROUP_free(group); }
    void operator()(EC_POINT* point) const noexcept { EC_POINT_free(point); }
};
using Group = std::unique_ptr<EC_GROUP, FreeEc>;

const EC_GROUP* group_of(Curve curve) {
    static const std::array<Group, 3> groups{Group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)),
                                             Group(EC_GROUP_new_by_curve_name(NID_secp384r1)),
                                             Group(EC_GROUP_new_by_curve_name(NID_secp521r1))};
    CHECK(curve != Curve::none);
    const auto* group = groups.at(static_cast<std::size_t>(curve) - 1).get();
    CHECK(group != nullptr);
    return group;
}

}  // namespace

const KeyType* find_key_type(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(key_types, name, &KeyType::name);
    return found == key_types.end() ? nullptr : found;
}

std::string_view name_of(Curve curve) noexcept {
    constexpr std::array<std::string_view, 4> names{"", "nistp256", "nistp384", "nistp521"};
    return names.at(static_cast<std::size_t>(curve));
}

unsigned bits_of(Curve curve) noexcept {
    constexpr std::array<unsigned, 4> bits{0, 256, 384, 521};
    return bits.at(static_cast<std::size_t>(curve));
}

bool is_point_on(Curve curve, std::string_view point) {
    if (point.size() != 1 + 2 * ((bits_of(curve) + 7) / 8) || point.front() != POINT_CONVERSION_UNCOMPRESSED) {
        return false;
    }
    const auto* group = group_of(curve);
    const std::unique_ptr<EC_POINT, FreeEc> decoded(EC_POINT_new(group));
    // Checks the equation of the curve and the range of both coordinates; the cofactor of all three curves is one.
    return decoded && EC_POINT_oct2point(group, decoded.get(), reinterpret_cast<const unsigned char*>(point.data()),
                                         point.size(), nullptr) == 1;
}

}  // namespace sshkeep::keyfmt
