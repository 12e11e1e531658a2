#include "keyfmt/certificate.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

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

struct Pair {
    std::string_view name;
    std::string_view value;
};

/// Critical options and extensions: pairs of a name and a value.
std::optional<std::vector<Pair>> read_pairs(std::string_view list) {
    std::vector<Pair> pairs;
    WireReader reader(list);
    while (!reader.at_end()) {
        const auto name = reader.string();
        const auto value = reader.string();
        if (!name || !value) {
            return std::nullopt;
        }
        pairs.push_back({*name, *value});
    }
    return pairs;
}

/// The one string that the value of an option holds.
std::optional<std::string_view> single_text(std::string_view value) {
    WireReader reader(value);
    const auto text = reader.text();
    return text && reader.at_end() ? text : std::nullopt;
}

/// Why sshd would not take an option; empty when it does.
std::string set_text(std::optional<Untrusted>& option, const Pair& pair) {
    const auto text = single_text(pair.value);
    if (!text || option) {
        return "its option " + std::string(pair.name) + (option ? " is given twice" : " is damaged");
    }
    option.emplace(std::string(*text));
    return {};
}

void read_critical_options(Certificate& certificate, const std::vector<Pair>& pairs) {
    for (const auto& pair : pairs) {
        std::string fault;
        if (pair.name == "force-command") {
            fault = set_text(certificate.force_command, pair);
        } else if (pair.name == "source-address") {
            fault = set_text(certificate.source_address, pair);
        } else if (pair.name != "verify-required") {
            fault = "it has a critical option that sshd does not know";
        } else if (!pair.value.empty()) {
            fault = "its option verify-required is damaged";
        }
        if (certificate.unusable.empty()) {
            certificate.unusable = std::move(fault);
        }
    }
}

void read_extensions(Certificate& certificate, const std::vector<Pair>& pairs) {
    constexpr std::array<std::string_view, 6> known{
        "no-touch-required", "permit-X11-forwarding", "permit-agent-forwarding", "permit-port-forwarding",
        "permit-pty",        "permit-user-rc"};
    for (const auto& pair : pairs) {
        if (std::ranges::find(known, pair.name) == known.end()) {
            continue;
        }
        if (!pair.value.empty() && certificate.unusable.empty()) {
            certificate.unusable = "its extension " + std::string(pair.name) + " is damaged";
        }
        const auto at = std::ranges::find(certificate.extensions, pair.name);
        if (at == certificate.extensions.end()) {
            certificate.extensions.emplace_back(pair.name);
        }
    }
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
    const auto critical_pairs = read_pairs(*critical_options);
    const auto extension_pairs = read_pairs(*extensions);
    if (!critical_pairs || !extension_pairs) {
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
    certificate.ca_blob = *authority;
    certificate.signature_algorithm = TRY(signature_algorithm(*signature));
    read_critical_options(certificate, *critical_pairs);
    read_extensions(certificate, *extension_pairs);
    return certificate;
}

}  // namespace sshkeep::keyfmt
