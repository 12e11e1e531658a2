#include "sshdconf/algorithms.h"

#include <algorithm>

#include "base/text.h"
#include "sshdconf/patterns.h"
#include "sshdconf/version_number.h"

namespace sshkeep::sshdconf {

namespace {

std::string_view row_for(std::span<const AlgorithmRow> rows, int version) {
    std::string_view names;
    for (const AlgorithmRow& row : rows) {
        if (row.since <= version) {
            names = row.names;
        }
    }
    return names;
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// Pieces up to the first empty one: where sshd's own loop over a list stops.
std::vector<std::string_view> names_of(std::string_view list) {
    auto names = split(list, ',');
    names.erase(std::ranges::find(names, std::string_view{}), names.end());
    return names;
}

std::string joined(const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view name : names) {
        list += list.empty() ? "" : ",";
        list += name;
    }
    return list;
}

/// `first`, then what `second` adds to it.
std::string united(std::string_view first, std::string_view second) {
    if (first.empty()) {
        return std::string(second);
    }
    if (second.empty()) {
        return std::string(first);
    }
    auto names = split(first, ',');
    for (const std::string_view name : names_of(second)) {
        if (!contains(names, name)) {
            names.push_back(name);
        }
    }
    return joined(names);
}

std::string filtered(std::string_view list, std::string_view patterns, bool keep) {
    std::vector<std::string_view> names;
    for (const std::string_view name : split(list, ',')) {
        if ((match_pattern_list(name, patterns) == ListMatch::positive) == keep) {
            names.push_back(name);
        }
    }
    return joined(names);
}

/// Debian 12 carries the unsuffixed name of sntrup761 since an update of 9.2.
bool has_backported_sntrup(const Build& build) {
    if (build.flavour != Flavour::debian || version_number(build) != 902) {
        return false;
    }
    const std::size_t at = build.package_version.find("deb12u");
    const auto update = at == std::string::npos ? std::nullopt : parse_uint(build.package_version.substr(at + 6));
    return update && *update >= 4;
}

bool is_gssapi_kex(std::string_view name) {
    static constexpr std::string_view prefixes[] = {
        "gss-gex-sha1-",       "gss-group1-sha1-",     "gss-group14-sha1-",     "gss-group14-sha256-",
        "gss-group16-sha512-", "gss-nistp256-sha256-", "gss-curve25519-sha256-"};
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_certificate(std::string_view key_type) { return key_type.find("-cert") != std::string_view::npos; }

bool valid_name(AlgorithmList list, std::string_view name, const std::vector<std::string_view>& supported,
                const Build& build) {
    if (contains(supported, name)) {  // since 9.4 a CA signature is never a certificate, if it is named in full
        return list != AlgorithmList::plain_keys || version_number(build) < 904 || !is_certificate(name);
    }
    if (list == AlgorithmList::kex) {
        return build.flavour == Flavour::debian && build.gssapi && is_gssapi_kex(name);
    }
    const bool patterns = list == AlgorithmList::keys || list == AlgorithmList::plain_keys;
    return patterns && std::ranges::any_of(supported, [&](std::string_view known) {
               return match_pattern_list(known, name) != ListMatch::none;
           });
}

}  // namespace

std::string supported_algorithms(AlgorithmList list, const Build& build) {
    std::string names(row_for(supported_rows(list), version_number(build)));
    if (list == AlgorithmList::kex && has_backported_sntrup(build)) {
        const std::size_t at = names.find("sntrup761x25519-sha512@");
        names.insert(at, "sntrup761x25519-sha512,");
    }
    return names;
}

std::string default_algorithms(AlgorithmList list, const Build& build) {
    std::string names(row_for(default_rows(list), version_number(build)));
    if (list == AlgorithmList::kex && has_backported_sntrup(build)) {
        names.insert(0, "sntrup761x25519-sha512,");
    }
    return names;
}

bool valid_algorithms(AlgorithmList list, std::string_view argument, const Build& build) {
    const int version = version_number(build);
    if (argument.starts_with('-') && version >= 705) {
        return true;
    }
    if (argument.starts_with('+') || (argument.starts_with('^') && version >= 801)) {
        argument.remove_prefix(1);
    }
    if (argument.empty()) {
        return false;
    }
    const AlgorithmList known = list == AlgorithmList::plain_keys ? AlgorithmList::keys : list;
    const std::string all = supported_algorithms(known, build);
    const auto supported = split(all, ',');
    return std::ranges::all_of(names_of(argument),
                               [&](std::string_view name) { return valid_name(list, name, supported, build); });
}

std::optional<std::string> assemble_algorithms(AlgorithmList list, std::string_view argument, const Build& build) {
    const std::string defaults = default_algorithms(list, build);
    if (argument.empty()) {
        return defaults;
    }
    if (argument.starts_with('-')) {
        return filtered(defaults, argument.substr(1), false);
    }
    const int version = version_number(build);
    std::string wanted(argument);
    if (argument.starts_with('+')) {
        wanted = united(defaults, argument.substr(1));
    } else if (argument.starts_with('^') && version >= 801) {
        wanted = united(argument.substr(1), defaults);
    }
    if (version < 708) {
        return wanted;
    }
    const std::string all = supported_algorithms(list, build);
    std::string result;
    for (const std::string_view pattern : split(wanted, ',')) {
        if (pattern.starts_with('!')) {
            return std::nullopt;
        }
        result = united(result, filtered(all, pattern, true));
    }
    return result.empty() ? std::nullopt : std::optional(result);
}

}  // namespace sshkeep::sshdconf
