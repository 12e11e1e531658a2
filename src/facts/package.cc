#include "facts/package.h"

#include <algorithm>

namespace sshkeep::facts {
namespace {

/// The paragraph that holds the whole line `line`; paragraphs are separated by empty lines.
std::optional<std::string_view> find_paragraph(std::string_view text, const std::string& line) {
    std::size_t at = 0;
    if (!text.starts_with(line + "\n")) {
        at = text.find("\n" + line + "\n");
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        ++at;
    }
    const auto before = at < 2 ? std::string_view::npos : text.rfind("\n\n", at - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 2;
    return text.substr(begin, text.find("\n\n", at) - begin);
}

std::optional<std::string_view> find_field(std::string_view paragraph, std::string_view name) {
    while (!paragraph.empty()) {
        const auto line = paragraph.substr(0, paragraph.find('\n'));
        if (line.starts_with(name)) {
            return line.substr(name.size());
        }
        paragraph.remove_prefix(std::min(line.size() + 1, paragraph.size()));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> find_dpkg_version(std::string_view status, std::string_view package) {
    const auto paragraph = find_paragraph(status, "Package: " + std::string(package));
    if (!paragraph) {
        return std::nullopt;
    }
    const auto state = find_field(*paragraph, "Status: ");
    const auto version = find_field(*paragraph, "Version: ");
    // "want flag state": what was removed keeps its paragraph as "config-files".
    if (!version || !state || state->ends_with(" config-files") || state->ends_with(" not-installed")) {
        return std::nullopt;
    }
    return std::string(*version);
}

std::optional<std::string> find_apk_version(std::string_view installed, std::string_view package) {
    const auto paragraph = find_paragraph(installed, "P:" + std::string(package));
    const auto version = paragraph ? find_field(*paragraph, "V:") : std::nullopt;
    return version ? std::optional(std::string(*version)) : std::nullopt;
}

std::optional<VersionMarker> find_version_marker(std::string_view program) {
    constexpr std::string_view marker = "OpenSSH_";
    constexpr std::size_t longest = 80;
    for (auto at = program.find(marker); at != std::string_view::npos; at = program.find(marker, at + 1)) {
        auto text = program.substr(at, longest);
        const auto* const end = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; });
        text = std::string_view(text.begin(), end);
        const auto space = std::min(text.find(' '), text.size());
        const auto version = parse_openssh_version(text.substr(0, space));
        if (version && version->portable > 0) {
            text.remove_prefix(std::min(space + 1, text.size()));
            return VersionMarker{*version, std::string(text.substr(0, text.find(' ')))};
        }
    }
    return std::nullopt;
}

}  // namespace sshkeep::facts
