#include "keyfmt/public_key.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "keyfmt/base64.h"
#include "keyfmt/certificate.h"
#include "keyfmt/key_text.h"
#include "keyfmt/key_type.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

constexpr unsigned min_rsa_bits = 1024;  // sshd reads no shorter modulus since OpenSSH 7.6
constexpr std::size_t ed25519_size = 32;
constexpr std::size_t mldsa44_ed25519_size = 1312 + ed25519_size;
// An SSH packet holds 256 KiB, so no client can offer a longer key.
constexpr std::size_t max_base64 = std::size_t{512} * 1024;
constexpr std::size_t max_comment = 4096;

std::unexpected<Error> truncated() { return fail(ErrorCode::invalid, "the key is truncated"); }

/// Each read_ function moves one kind's fields from the blob to `plain`, the blob of the key without certificate in
/// its only canonical form, which is what a fingerprint is computed from; and returns the size in bits.
Result<unsigned> read_rsa(WireReader& reader, std::string& plain) {
    const auto exponent = reader.mpint();
    const auto modulus = reader.mpint();
    if (!exponent || !modulus) {
        return fail(ErrorCode::invalid, "damaged RSA numbers");
    }
    const unsigned bits = bit_length(*modulus);
    if (bits < min_rsa_bits) {
        return fail(ErrorCode::invalid, "RSA modulus of " + std::to_string(bits) + " bits: sshd reads none below " +
                                            std::to_string(min_rsa_bits));
    }
    append_mpint(plain, *exponent);
    append_mpint(plain, *modulus);
    return bits;
}

Result<unsigned> read_dsa(WireReader& reader, std::string& plain) {
    unsigned bits = 0;
    for (const bool first : {true, false, false, false}) {
        const auto number = reader.mpint();
        if (!number) {
            return fail(ErrorCode::invalid, "damaged DSA numbers");
        }
        bits = first ? bit_length(*number) : bits;
        append_mpint(plain, *number);
    }
    return bits;
}

Result<unsigned> read_ecdsa(Curve curve, WireReader& reader, std::string& plain) {
    const auto name = reader.text();
    const auto point = reader.string();
    if (!name || !point) {
        return truncated();
    }
    if (*name != name_of(curve)) {
        return fail(ErrorCode::invalid, "the curve is not the one that the key's type names");
    }
    if (!is_point_on(curve, *point)) {
        return fail(ErrorCode::invalid, "the point is not on the curve");
    }
    append_string(plain, *name);
    append_string(plain, *point);
    return bits_of(curve);
}

Result<unsigned> read_fixed(std::size_t size, unsigned bits, WireReader& reader, std::string& plain) {
    const auto bytes = reader.string();
    if (!bytes) {
        return truncated();
    }
    if (bytes->size() != size) {
        return fail(ErrorCode::invalid, "the key has a wrong length");
    }
    append_string(plain, *bytes);
    return bits;
}

Result<unsigned> read_numbers(const KeyType& type, WireReader& reader, std::string& plain) {
    switch (type.kind) {
        case KeyKind::rsa:
            return read_rsa(reader, plain);
        case KeyKind::dsa:
            return read_dsa(reader, plain);
        case KeyKind::ecdsa:
        case KeyKind::sk_ecdsa:
            return read_ecdsa(type.curve, reader, plain);
        case KeyKind::ed25519:
        case KeyKind::sk_ed25519:
            return read_fixed(ed25519_size, type.bits, reader, plain);
        case KeyKind::mldsa44_ed25519:
            return read_fixed(mldsa44_ed25519_size, type.bits, reader, plain);
        case KeyKind::xmss:
        case KeyKind::unknown:
            break;
    }
    return fail(ErrorCode::unsupported, "unknown key type");
}

std::string fingerprint_of(std::string_view plain_blob) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(plain_blob.data()), plain_blob.size(), digest.data());
    return "SHA256:" + encode_base64_unpadded({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// The fields after the type's name, as far as the plain key reaches; `plain` becomes its canonical blob.
Result<PublicKey> read_plain_key(const KeyType& type, WireReader& reader, std::string& plain) {
    plain.reserve(reader.rest().size() + type.plain.size() + 16);
    append_string(plain, type.plain);
    PublicKey key;
    key.kind = type.kind;
    key.type = type.certificate ? type.name : type.plain;
    key.bits = TRY(read_numbers(type, reader, plain));
    if (type.kind == KeyKind::sk_ecdsa || type.kind == KeyKind::sk_ed25519) {
        const auto application = reader.text();
        if (!application) {
            return truncated();
        }
        append_string(plain, *application);
        key.sk_application = Untrusted(std::string(*application));
    }
    key.fingerprint = fingerprint_of(plain);
    return key;
}

Result<PublicKey> read_key(std::string_view blob, const KeyType& type, WireReader& reader) {
    if (type.certificate && !reader.string()) {  // the nonce
        return truncated();
    }
    std::string plain;
    auto key = TRY(read_plain_key(type, reader, plain));
    if (type.certificate) {
        key.certificate = TRY(read_certificate(reader));
        key.certificate->plain_blob = std::move(plain);
    }
    if (!reader.at_end()) {
        return fail(ErrorCode::invalid, "more bytes follow the key");
    }
    key.blob = blob;
    return key;
}

Result<const KeyType*> read_type(WireReader& reader) {
    const auto name = reader.text();
    if (!name) {
        return truncated();
    }
    const auto* type = find_key_type(*name);
    if (type == nullptr) {
        return fail(ErrorCode::unsupported, "unknown key type inside the key");
    }
    return type;
}

Result<PublicKey> parse_blob_of_type(std::string_view blob, const KeyType& expected) {
    WireReader reader(blob);
    const auto* type = TRY(read_type(reader));
    if (!type->agrees_with(expected)) {
        return fail(ErrorCode::invalid, "the type in front of the key is not the one inside it");
    }
    return read_key(blob, *type, reader);
}

}  // namespace

std::string_view name_of(KeyKind kind) noexcept {
    switch (kind) {
        case KeyKind::rsa:
            return "RSA";
        case KeyKind::dsa:
            return "DSA";
        case KeyKind::ecdsa:
            return "ECDSA";
        case KeyKind::ed25519:
            return "ED25519";
        case KeyKind::sk_ecdsa:
            return "ECDSA-SK";
        case KeyKind::sk_ed25519:
            return "ED25519-SK";
        case KeyKind::mldsa44_ed25519:
            return "MLDSA44-ED25519";
        case KeyKind::xmss:
            return "XMSS";
        case KeyKind::unknown:
            break;
    }
    return "unknown";
}

Result<PublicKey> parse_public_key_blob(std::string_view blob) {
    WireReader reader(blob);
    const auto* type = TRY(read_type(reader));
    return read_key(blob, *type, reader);
}

std::string_view without_leading_blanks(std::string_view text) noexcept {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string_view first_word(std::string_view text) noexcept { return text.substr(0, text.find_first_of(" \t")); }

Untrusted comment_from(std::string_view text) { return Untrusted(std::string(text.substr(0, max_comment))); }

Result<PublicKey> take_key(std::string_view& text) {
    const auto name = first_word(text);
    const auto* type = find_key_type(name);
    if (type == nullptr) {
        return fail(ErrorCode::invalid, "unknown key type");
    }
    const auto after_name = without_leading_blanks(text.substr(name.size()));
    const auto base64 = first_word(after_name);
    if (base64.empty()) {
        return fail(ErrorCode::invalid, "no key follows its type");
    }
    if (base64.size() > max_base64) {
        return fail(ErrorCode::too_large, "the key is longer than " + std::to_string(max_base64) + " characters");
    }
    std::string blob;
    if (!decode_base64(base64, blob)) {
        return fail(ErrorCode::invalid, "the key is not valid base64");
    }
    auto key = TRY(parse_blob_of_type(blob, *type));
    text = without_leading_blanks(after_name.substr(base64.size()));
    return key;
}

Result<PublicKeyLine> parse_public_key_line(std::string_view line) {
    auto rest = line.substr(0, line.find_first_of(std::string_view("\n\0", 2)));
    rest = without_leading_blanks(rest);
    auto key = TRY(take_key(rest));
    return PublicKeyLine{std::move(key), comment_from(rest)};
}

}  // namespace sshkeep::keyfmt
