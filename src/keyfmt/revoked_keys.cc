#include "keyfmt/revoked_keys.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <optional>

#include "keyfmt/base64.h"
#include "keyfmt/key_text.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

constexpr std::string_view magic("SSHKRL\n\0", 8);
constexpr std::size_t sha1_size = SHA_DIGEST_LENGTH;
constexpr std::size_t sha256_size = SHA256_DIGEST_LENGTH;

enum class Section : std::uint8_t { certificates = 1, key = 2, sha1 = 3, signature = 4, sha256 = 5, extension = 255 };
enum class Part : std::uint8_t {
    serials = 0x20,
    serial_range = 0x21,
    serial_bitmap = 0x22,
    key_ids = 0x23,
    extension = 0x39
};

std::string sha1_of(std::string_view bytes) {
    std::array<unsigned char, sha1_size> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string fingerprint_from(std::string_view digest) { return "SHA256:" + encode_base64_unpadded(digest); }

/// A byte that tells what follows, and a string with it.
struct Tagged {
    std::uint8_t tag = 0;
    std::string_view bytes;
};

/// Takes one from the front; nothing when what is left is damaged.
std::optional<Tagged> take_tagged(std::string_view& rest) {
    if (rest.empty()) {
        return std::nullopt;
    }
    Tagged tagged{.tag = static_cast<std::uint8_t>(rest.front())};
    WireReader reader(rest.substr(1));
    const auto bytes = reader.string();
    if (!bytes) {
        return std::nullopt;
    }
    tagged.bytes = *bytes;
    rest = reader.rest();
    return tagged;
}

/// Strings to the end; false when they are damaged.
template <class Take>
bool each_string(std::string_view bytes, Take take) {
    for (WireReader reader(bytes); !reader.at_end();) {
        const auto text = reader.string();
        if (!text || !take(*text)) {
            return false;
        }
    }
    return true;
}

bool read_bitmap(std::string_view bytes, RevokedCertificates& certificates) {
    WireReader reader(bytes);
    const auto first = reader.u64();
    const auto bitmap = reader.mpint();
    if (!bitmap || !reader.at_end()) {
        return false;
    }
    constexpr unsigned bits_a_byte = 8;
    const auto size = bitmap->size();
    for (std::size_t i = 0; i < size * bits_a_byte; ++i) {
        const auto byte = static_cast<unsigned char>((*bitmap)[size - 1 - i / bits_a_byte]);
        if ((byte >> (i % bits_a_byte) & 1U) == 0) {
            continue;
        }
        const auto serial = *first + i;
        if (serial < *first) {
            return false;
        }
        certificates.serials.push_back({serial, serial});
    }
    return true;
}

bool read_serials(std::string_view bytes, RevokedCertificates& certificates) {
    for (WireReader reader(bytes); !reader.at_end();) {
        const auto serial = reader.u64();
        if (!serial) {
            return false;
        }
        certificates.serials.push_back({*serial, *serial});
    }
    return true;
}

bool read_range(std::string_view bytes, RevokedCertificates& certificates) {
    WireReader reader(bytes);
    const auto first = reader.u64();
    const auto last = reader.u64();
    if (!last || !reader.at_end() || *first > *last) {
        return false;
    }
    certificates.serials.push_back({*first, *last});
    return true;
}

/// An extension that sshd does not know matters only when it says so.
bool is_harmless_extension(std::string_view bytes) {
    WireReader reader(bytes);
    return reader.string() && !reader.rest().empty() && reader.rest().front() == 0;
}

bool read_part(const Tagged& part, RevokedCertificates& certificates) {
    switch (Part{part.tag}) {
        case Part::serials:
            return read_serials(part.bytes, certificates);
        case Part::serial_range:
            return read_range(part.bytes, certificates);
        case Part::serial_bitmap:
            return read_bitmap(part.bytes, certificates);
        case Part::key_ids:
            return each_string(part.bytes, [&](std::string_view id) {
                certificates.key_ids.emplace(id);
                return true;
            });
        case Part::extension:
            return is_harmless_extension(part.bytes);
    }
    return false;
}

bool read_certificates(std::string_view bytes, RevokedKeys& revoked) {
    WireReader reader(bytes);
    const auto authority = reader.string();
    const auto reserved = reader.string();
    if (!reserved) {
        return false;
    }
    std::string fingerprint;
    if (!authority->empty()) {
        const auto key = parse_public_key_blob(*authority);
        if (!key) {
            return false;
        }
        fingerprint = key->fingerprint;
    }
    auto& certificates = revoked.certificates[fingerprint];
    for (auto rest = reader.rest(); !rest.empty();) {
        const auto part = take_tagged(rest);
        if (!part || !read_part(*part, certificates)) {
            return false;
        }
    }
    return true;
}

bool read_section(const Tagged& section, RevokedKeys& revoked) {
    switch (Section{section.tag}) {
        case Section::certificates:
            return read_certificates(section.bytes, revoked);
        case Section::key:
            return each_string(section.bytes, [&](std::string_view blob) {
                std::array<unsigned char, sha256_size> digest{};
                SHA256(reinterpret_cast<const unsigned char*>(blob.data()), blob.size(), digest.data());
                revoked.fingerprints.insert(
                    fingerprint_from({reinterpret_cast<const char*>(digest.data()), digest.size()}));
                return true;
            });
        case Section::sha1:
            return each_string(section.bytes, [&](std::string_view digest) {
                revoked.sha1.emplace(digest);
                return digest.size() == sha1_size;
            });
        case Section::sha256:
            return each_string(section.bytes, [&](std::string_view digest) {
                revoked.fingerprints.insert(fingerprint_from(digest));
                return digest.size() == sha256_size;
            });
        case Section::extension:
            return is_harmless_extension(section.bytes);
        case Section::signature:
            break;
    }
    return false;
}

void parse_krl(std::string_view bytes, RevokedKeys& revoked) {
    revoked.krl = true;
    revoked.damage = "a damaged key revocation list";
    WireReader reader(bytes.substr(magic.size()));
    const auto format = reader.u32();
    const auto version = reader.u64();
    const auto date = reader.u64();
    const auto flags = reader.u64();
    const auto reserved = reader.string();
    const auto comment = reader.text();
    if (!version || !date || !flags || !reserved || !comment || *format != 1) {
        return;
    }
    for (auto rest = reader.rest(); !rest.empty();) {
        const auto section = take_tagged(rest);
        if (section && Section{section->tag} == Section::signature) {
            revoked.damage = "a signed key revocation list, whose signature is not checked here";
            return;
        }
        if (!section || !read_section(*section, revoked)) {
            return;
        }
    }
    revoked.damage.clear();
}

/// One public key a line, without options; a line that is none ends sshd's reading with an error.
void parse_list(std::string_view bytes, RevokedKeys& revoked) {
    while (!bytes.empty()) {
        auto line = bytes.substr(0, bytes.find('\n'));
        bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
        line = without_leading_blanks(line.substr(0, line.find('\0')));
        if (line.empty() || line.starts_with('#')) {
            continue;
        }
        const auto key = take_key(line);
        if (key) {
            revoked.fingerprints.insert(key->fingerprint);
        } else if (!key.error().message.contains("RSA modulus")) {
            revoked.damage = "a line that is no public key: " + key.error().message;
            return;
        }
    }
}

bool revokes(const RevokedCertificates& revoked, const Certificate& certificate) {
    if (revoked.key_ids.contains(certificate.key_id.raw())) {
        return true;
    }
    // 0 is what an authority writes that numbers nothing.
    return certificate.serial != 0 && std::ranges::any_of(revoked.serials, [&](const auto& range) {
               return certificate.serial >= range.first && certificate.serial <= range.last;
           });
}

}  // namespace

bool RevokedKeys::contains(const PublicKey& key) const {
    if (fingerprints.contains(key.fingerprint)) {
        return true;
    }
    if (!sha1.empty() && sha1.contains(sha1_of(key.certificate ? key.certificate->plain_blob : key.blob))) {
        return true;
    }
    if (!key.certificate) {
        return false;
    }
    const auto& certificate = *key.certificate;
    if (fingerprints.contains(certificate.ca_fingerprint) ||
        (!sha1.empty() && sha1.contains(sha1_of(certificate.ca_blob)))) {
        return true;
    }
    for (const auto& authority : {certificate.ca_fingerprint, std::string{}}) {
        const auto found = certificates.find(authority);
        if (found != certificates.end() && revokes(found->second, certificate)) {
            return true;
        }
    }
    return false;
}

RevokedKeys parse_revoked_keys(std::string_view bytes) {
    RevokedKeys revoked;
    if (bytes.starts_with(magic)) {
        parse_krl(bytes, revoked);
    } else {
        parse_list(bytes, revoked);
    }
    return revoked;
}

}  // namespace sshkeep::keyfmt
