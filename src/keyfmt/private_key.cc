#include "keyfmt/private_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "keyfmt/base64.h"
#include "keyfmt/der.h"
#include "keyfmt/key_type.h"
#include "keyfmt/pem.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

using Format = PrivateKeyHeader::Format;

/// Bytes that may be secret: erased when they go out of scope.
class Wiped {
public:
    Wiped() = default;
    ~Wiped() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;

    [[nodiscard]] bool decode(std::string_view base64) { return decode_base64(base64, bytes_); }
    [[nodiscard]] std::string_view view() const noexcept { return bytes_; }

private:
    std::string bytes_;
};

// ---- the OpenSSH format: PROTOCOL.key

Result<unsigned> read_bcrypt_rounds(std::string_view kdf_options) {
    WireReader reader(kdf_options);
    const auto salt = reader.string();
    const auto rounds = reader.u32();
    if (!salt || !rounds) {
        return damaged_private_key("bcrypt options");
    }
    return *rounds;
}

Result<PrivateKeyHeader> read_openssh(std::string_view body) {
    constexpr std::string_view magic("openssh-key-v1\0", 15);
    Wiped bytes;
    if (!bytes.decode(body)) {
        return damaged_private_key("not base64");
    }
    if (!bytes.view().starts_with(magic)) {
        return damaged_private_key("no openssh-key-v1 inside");
    }
    WireReader reader(bytes.view().substr(magic.size()));
    const auto cipher = reader.text();
    const auto kdf = reader.text();
    const auto kdf_options = reader.string();
    const auto keys = reader.u32();
    const auto public_blob = reader.string();
    const auto private_part = reader.string();
    if (!private_part || *keys != 1 || !is_algorithm_name(*cipher)) {
        return damaged_private_key("header");
    }
    if ((*kdf != "none" && *kdf != "bcrypt") || (*kdf == "none" && *cipher != "none")) {
        return damaged_private_key("key derivation");
    }
    PrivateKeyHeader header;
    header.format = Format::openssh;
    header.encrypted = *cipher != "none";
    header.cipher = *cipher;
    header.kdf = *kdf;
    if (*kdf == "bcrypt") {
        header.rounds = TRY(read_bcrypt_rounds(*kdf_options));
    }
    auto key = parse_public_key_blob(*public_blob);
    if (!key) {
        return std::unexpected(std::move(key).error().in("damaged private key: public part"));
    }
    header.public_key = *std::move(key);
    return header;
}

// ---- the public part of DER structures; nothing when it is not there or sshd could not use it

using MaybeKey = std::optional<PublicKey>;

MaybeKey key_of_blob(const std::string& blob) {
    auto key = parse_public_key_blob(blob);
    return key ? MaybeKey(*std::move(key)) : std::nullopt;
}

/// RFC 8017 appendix A.1.2: version, modulus, public exponent, then the secrets.
MaybeKey read_rsa(DerReader numbers) {
    const auto version = numbers.take_integer();
    const auto modulus = numbers.take_integer();
    const auto exponent = numbers.take_integer();
    if (!version || !modulus || !exponent) {
        return std::nullopt;
    }
    std::string blob;
    append_string(blob, "ssh-rsa");
    append_mpint(blob, *exponent);
    append_mpint(blob, *modulus);
    return key_of_blob(blob);
}

/// OpenSSL's own form: version, p, q, g, y, then the secret.
MaybeKey read_dsa(DerReader numbers) {
    std::string blob;
    append_string(blob, "ssh-dss");
    const auto version = numbers.take_integer();
    for (int i = 0; i < 4; ++i) {
        const auto number = numbers.take_integer();
        if (!version || !number) {
            return std::nullopt;
        }
        append_mpint(blob, *number);
    }
    return key_of_blob(blob);
}

Curve curve_of(std::string_view object_identifier) {
    switch (nid_of(object_identifier)) {
        case NID_X9_62_prime256v1:
            return Curve::nistp256;
        case NID_secp384r1:
            return Curve::nistp384;
        case NID_secp521r1:
            return Curve::nistp521;
        default:
            return Curve::none;
    }
}

/// RFC 5915: version, secret, [0] curve, [1] point. In PKCS #8 the curve stands outside.
MaybeKey read_ec(DerReader fields, Curve curve) {
    const auto version = fields.take_integer();
    const auto secret = fields.take(DerTag::octet_string);
    if (!version || !secret) {
        return std::nullopt;
    }
    if (const auto parameters = fields.take(DerTag::context_0)) {
        curve = curve_of(DerReader(*parameters).take(DerTag::object_identifier).value_or(std::string_view{}));
    }
    const auto wrapped = fields.take(DerTag::context_1);
    auto point = wrapped ? DerReader(*wrapped).take(DerTag::bit_string) : std::nullopt;
    if (curve == Curve::none || !point || !point->starts_with('\0')) {
        return std::nullopt;
    }
    point->remove_prefix(1);  // the number of unused bits
    std::string blob;
    append_string(blob, "ecdsa-sha2-" + std::string(name_of(curve)));
    append_string(blob, name_of(curve));
    append_string(blob, *point);
    return key_of_blob(blob);
}

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

/// RFC 8410: the secret alone, so the public part has to be computed.
MaybeKey read_ed25519(std::string_view contents) {
    const auto seed = DerReader(contents).take(DerTag::octet_string);
    if (!seed) {
        return std::nullopt;
    }
    const std::unique_ptr<EVP_PKEY, FreeKey> secret(EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(seed->data()), seed->size()));
    std::array<unsigned char, 32> bytes{};
    std::size_t size = bytes.size();
    if (!secret || EVP_PKEY_get_raw_public_key(secret.get(), bytes.data(), &size) != 1) {
        return std::nullopt;
    }
    std::string blob;
    append_string(blob, "ssh-ed25519");
    append_string(blob, {reinterpret_cast<const char*>(bytes.data()), size});
    return key_of_blob(blob);
}

/// RFC 5208: version, algorithm, then the key's own form in an octet string.
Result<MaybeKey> read_pkcs8(DerReader fields) {
    const auto version = fields.take_integer();
    auto algorithm = fields.take_sequence();
    const auto contents = fields.take(DerTag::octet_string);
    if (!version || !algorithm || !contents) {
        return damaged_private_key("PKCS #8");
    }
    const auto name = algorithm->take(DerTag::object_identifier).value_or(std::string_view{});
    DerReader inside(*contents);
    switch (nid_of(name)) {
        case NID_rsaEncryption: {
            const auto numbers = inside.take_sequence();
            return numbers ? read_rsa(*numbers) : std::nullopt;
        }
        case NID_X9_62_id_ecPublicKey: {
            const auto ec = inside.take_sequence();
            const auto curve = algorithm->take(DerTag::object_identifier).value_or(std::string_view{});
            return ec ? read_ec(*ec, curve_of(curve)) : std::nullopt;
        }
        case NID_ED25519:
            return read_ed25519(*contents);
        default:
            return std::nullopt;  // for DSA, too: its public number is not in there
    }
}

/// RFC 5958 and RFC 8018: how the contents are encrypted stands in clear before them.
Result<PrivateKeyHeader> read_encrypted_pkcs8(DerReader fields) {
    auto algorithm = fields.take_sequence();
    const auto contents = fields.take(DerTag::octet_string);
    const auto name = algorithm ? algorithm->take(DerTag::object_identifier) : std::nullopt;
    if (!contents || !name) {
        return damaged_private_key("encrypted PKCS #8");
    }
    PrivateKeyHeader header;
    header.format = Format::pkcs8_encrypted;
    header.encrypted = true;
    header.cipher = header.kdf = name_of_object(*name);  // PBES1: one name for both
    if (nid_of(*name) != NID_pbes2) {
        return header;
    }
    auto parameters = algorithm->take_sequence();
    auto kdf = parameters ? parameters->take_sequence() : std::nullopt;
    auto cipher = parameters ? parameters->take_sequence() : std::nullopt;
    const auto kdf_name = kdf ? kdf->take(DerTag::object_identifier) : std::nullopt;
    const auto cipher_name = cipher ? cipher->take(DerTag::object_identifier) : std::nullopt;
    if (!kdf_name || !cipher_name) {
        return damaged_private_key("PBES2");
    }
    header.kdf = name_of_object(*kdf_name);
    header.cipher = name_of_object(*cipher_name);
    if (auto options = kdf->take_sequence(); options && options->take(DerTag::octet_string)) {
        for (const char c : options->take_integer().value_or(std::string_view{}).substr(0, 4)) {
            header.rounds = header.rounds << 8 | static_cast<unsigned char>(c);
        }
    }
    return header;
}

// ---- PEM

Result<PrivateKeyHeader> read_der(Format format, std::string_view base64) {
    Wiped bytes;
    if (!bytes.decode(base64)) {
        return damaged_private_key("not base64");
    }
    const auto outer = DerReader(bytes.view()).take_sequence();
    if (!outer) {
        return damaged_private_key("not DER");
    }
    if (format == Format::pkcs8_encrypted) {
        return read_encrypted_pkcs8(*outer);
    }
    PrivateKeyHeader header;
    header.format = format;
    header.cipher = header.kdf = "none";
    switch (format) {
        case Format::pem_rsa:
            header.public_key = read_rsa(*outer);
            break;
        case Format::pem_dsa:
            header.public_key = read_dsa(*outer);
            break;
        case Format::pem_ec:
            header.public_key = read_ec(*outer, Curve::none);
            break;
        case Format::pkcs8:
            header.public_key = TRY(read_pkcs8(*outer));
            break;
        case Format::openssh:
        case Format::pkcs8_encrypted:
            break;  // read elsewhere
    }
    return header;
}

Result<PrivateKeyHeader> read_pem(Format format, std::string_view body) {
    auto cipher = TRY(take_pem_cipher(body));
    if (cipher.empty()) {
        return read_der(format, body);
    }
    PrivateKeyHeader header;
    header.format = format;
    header.encrypted = true;
    header.cipher = std::move(cipher);
    header.kdf = "md5";
    header.rounds = 1;
    return header;
}

std::optional<Format> format_of(std::string_view label) {
    struct Label {
        std::string_view text;
        Format format;
    };
    static constexpr auto labels = std::to_array<Label>({
        {"OPENSSH PRIVATE KEY", Format::openssh},
        {"RSA PRIVATE KEY", Format::pem_rsa},
        {"DSA PRIVATE KEY", Format::pem_dsa},
        {"EC PRIVATE KEY", Format::pem_ec},
        {"PRIVATE KEY", Format::pkcs8},
        {"ENCRYPTED PRIVATE KEY", Format::pkcs8_encrypted},
    });
    const auto* const found = std::ranges::find(labels, label, &Label::text);
    return found == labels.end() ? std::nullopt : std::optional(found->format);
}

}  // namespace

Result<PrivateKeyHeader> parse_private_key_header(std::string_view bytes) {
    const auto block = TRY(find_private_key_block(bytes));
    const auto format = format_of(block.label);
    if (!format) {
        return fail(ErrorCode::unsupported, "unknown format of a private key");
    }
    return *format == Format::openssh ? read_openssh(block.body) : read_pem(*format, block.body);
}

}  // namespace sshkeep::keyfmt
