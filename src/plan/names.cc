#include "plan/names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/escape.h"
#include "base/text.h"
#include "sshdconf/tokenizer.h"
#include "sshdconf/version_number.h"

namespace sshkeep::plan {
namespace {

using sshdconf::Keyword;

/// What there is instead of options that have gone.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> gone{{
    {"protocol", "it speaks nothing but protocol 2"},
    {"rsaauthentication", "it belonged to protocol 1; PubkeyAuthentication is its successor"},
    {"rhostsauthentication", "it belonged to protocol 1; HostbasedAuthentication is what is left of it"},
    {"rhostsrsaauthentication", "it belonged to protocol 1; HostbasedAuthentication is its successor"},
    {"keyregenerationinterval", "it belonged to protocol 1; RekeyLimit renews the keys of sessions"},
    {"serverkeybits", "it belonged to protocol 1; HostKey files have their own size"},
    {"useprivilegeseparation", "privileges are always separated"},
    {"uselogin", "login(1) is not used any more; PAM opens the session"},
    {"authorizedkeysfile2", "AuthorizedKeysFile takes several names"},
    {"checkmail", "PAM tells of mail: pam_mail"},
    {"verifyreversemapping", "UseDNS is its successor"},
    {"reversemappingcheck", "UseDNS is its successor"},
    {"skeyauthentication", "KbdInteractiveAuthentication is its successor"},
    {"pamauthenticationviakbdint", "UsePAM and KbdInteractiveAuthentication are its successors"},
    {"kerberostgtpassing", "GSSAPIAuthentication is its successor"},
    {"permitblacklistedkeys", "RevokedKeys is its successor"},
    {"dsaauthentication", "PubkeyAuthentication is its successor"},
}};

/// Names that some release has for an option of another name.
constexpr auto other_names = std::to_array<std::string_view>(
    {"PubkeyAcceptedKeyTypes", "HostbasedAcceptedKeyTypes", "PubkeyAcceptedAlgorithms", "HostbasedAcceptedAlgorithms",
     "GSSAPIAuthentication", "GSSAPICleanupCredentials", "GSSAPIDelegateCredentials", "GSSAPIStrictAcceptorCheck",
     "GSSAuthentication", "GSSCleanupCreds", "GSSDelegateCreds", "GSSStrictAcceptor"});

std::optional<sshdconf::Option> option_of(std::string_view lower, const sshdconf::Build& build) {
    const auto keyword = find_keyword(lower, build);
    return keyword && keyword->meaning == Keyword::Meaning::option ? std::optional(keyword->option) : std::nullopt;
}

Result<Directive> without_keyword(std::string_view name, const sshdconf::Line& line, const sshdconf::Build& build) {
    const auto option = find_option(line.keyword, build);
    const auto* const other = std::ranges::find_if(
        other_names, [&](std::string_view known) { return option && option_of(ascii_lower(known), build) == *option; });
    if (other != other_names.end()) {
        return Directive{*option, std::string(*other) + " " + line.rest};
    }
    const auto* const past =
        std::ranges::find(gone, line.keyword, &std::pair<std::string_view, std::string_view>::first);
    std::string why = release_of(build) + " has no option " + escape_for_terminal(name, 60);
    if (past != gone.end()) {
        why += ": " + std::string(past->second);
    }
    return fail(ErrorCode::unsupported, why);
}

}  // namespace

std::string release_of(const sshdconf::Build& build) {
    return "OpenSSH " + std::to_string(build.version.major) + "." + std::to_string(build.version.minor);
}

std::string spelled(sshdconf::Option option) {
    return std::string(printed_name(option, sshdconf::build_of_upstream({10, 5, 1})));
}

Result<Directive> directive_of(std::string_view line, const sshdconf::Build& build) {
    const bool printable = std::ranges::all_of(line, [](char c) { return c == '\t' || (c >= ' ' && c != '\x7F'); });
    const auto lines = sshdconf::parse_lines(std::string(line) + "\n", sshdconf::version_number(build));
    if (!printable || lines.size() != 1 || lines[0].keyword.empty() || lines[0].arguments.empty()) {
        return fail(ErrorCode::invalid, "not a directive of sshd_config: " + escape_for_terminal(line, 120));
    }
    const std::string_view words = trim(line);
    const std::string_view name = words.substr(0, words.find_first_of(" \t=\""));
    if (const auto option = option_of(lines[0].keyword, build)) {
        return Directive{*option, std::string(words)};
    }
    if (lines[0].keyword == "match" || lines[0].keyword == "include") {
        return fail(ErrorCode::invalid, std::string(name) + " is no option");
    }
    return without_keyword(name, lines[0], build);
}

}  // namespace sshkeep::plan
