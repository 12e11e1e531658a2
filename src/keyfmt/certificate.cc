#include "keyfmt/certificate.h"

#include <algorithm>
#include <array>

#include "keyfmt/key_type.h"

namespace sshkeep::keyfmt {
namespace {

constexpr std::uint32_t user_certificate = 1;
constexpr std::uint32_t host_certificate = 2;
constexpr std::size_t max_principals = 256;  // sshd's own bound

std::unexpected<Error> damaged(std::string_view part) {
    return fail(ErrorCode::invalid, std::string("damaged certificate: ").append(part));
}

Result<std::vector<Untrusted>> read_principals(std::string_view list) {
    std::vector<Untrusted> principals;
    for (WireReader reader(list); !reader.at_end();) {
        const auto principal = reader.text();
        if (!principal) {
            return damaged("principals");
        }
        if (principals.size() == max_principals) {
            return fail(ErrorCode::too_large, "certificate with more than 256 principals");
        }
        principals.emplace_back(std::string(*principal));
    }
    return principals;
}

/// Critical options and extensions: pairs of a name and a value.
bool is_list_of_pairs(std::string_view list) {
    WireReader reader(list);
    while (!reader.at_end()) {
        if (!reader.string() || !reader.string()) {
            return false;
        }
    }
    return true;
}

/// A certificate cannot sign another: the chain is never longer than one.
Result<std::string> fingerprint_of_authority(std::string_view blob) {
    const auto name = WireReader(blob).text();
    const auto* type = name ? find_key_type(*name) : nullptr;
    if (type == nullptr || type->certificate) {
        return damaged("signing key");
    }
    auto key = parse_public_key_blob(blob);
    if (!key) {
        return std::unexpected(std::move(key).error().in("damaged certificate: signing key"));
    }
    return std::move(key->fingerprint);
}

/// The name in front of a signature: a signature algorithm's name is also a name of a plain key.
Result<std::string> signature_algorithm(std::string_view signature) {
    const auto name = WireReader(signature).text();
    const auto* type = name ? find_key_type(*name) : nullptr;
    if (type == nullptr || type->certificate) {
        return damaged("signature");
    }
    return std::string(*name);
}

}  // namespace

Result<Certificate> read_certificate(WireReader& reader) {
    const auto serial = reader.u64();
    const auto role = reader.u32();
    const auto key_id = reader.text();
    const auto principals = reader.string();
    const auto valid_after = reader.u64();
    const auto valid_before = reader.u64();
    const auto critical_options = reader.string();
    const auto extensions = reader.string();
    const auto reserved = reader.string();
    const auto authority = reader.string();
    const auto signature = reader.string();
    if (!signature || !reserved) {  // a reader that failed once gives nothing more
        return damaged("truncated");
    }
    if (*role != user_certificate && *role != host_certificate) {
        return damaged("neither for a user nor for a host");
    }
    if (!is_list_of_pairs(*critical_options) || !is_list_of_pairs(*extensions)) {
        return damaged("options");
    }
    Certificate certificate;
    certificate.host = *role == host_certificate;
    certificate.serial = *serial;
    certificate.key_id = Untrusted(std::string(*key_id));
    certificate.principals = TRY(read_principals(*principals));
    certificate.valid_after = *valid_after;
    certificate.valid_before = *valid_before;
    certificate.ca_fingerprint = TRY(fingerprint_of_authority(*authority));
    certificate.signature_algorithm = TRY(signature_algorithm(*signature));
    return certificate;
}

}  // namespace sshkeep::keyfmt
