// Staged copies mean the same as what they are copies of, and edits touch nothing else.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sshdconf/edit.h"
#include "sshdconf/effective.h"
#include "sshdconf/test_random.h"

namespace sshkeep::sshdconf {
namespace {

constexpr OpensshVersion versions[] = {{7, 9, 1}, {8, 2, 1}, {8, 4, 1}, {9, 2, 1}, {10, 0, 2}};

/// The first line that differs; empty: none.
std::string difference(const std::string& one, const std::string& other) {
    const auto [a, b] = std::ranges::mismatch(one, other);
    const auto begin = static_cast<std::size_t>(a - one.begin());
    const std::size_t line = one.rfind('\n', begin) + 1;
    return one == other ? "" : one.substr(line, 80) + " // " + other.substr(line, 80);
}

std::string copy_name(const std::string& path) {
    std::string flat = path;
    std::ranges::replace(flat, '/', '_');
    return "/copies/" + flat;
}

/// What sshd makes of a configuration, without the names of its files.
std::string meaning_of(const Config& config) {
    std::string text;
    Evaluator evaluator(config);
    for (const Connection& connection : random_connections()) {
        const Effective& effective = evaluator.at(connection);
        text += render_effective(effective, config.build) + "\n";
        for (const Setting& setting : effective.settings()) {
            text += setting.uncertain.empty() ? "" : setting.name + " is uncertain\n";
        }
    }
    for (const Diagnostic& diagnostic : config.diagnostics) {
        const bool of_include =
            diagnostic.message.find('/') != std::string::npos || diagnostic.message.starts_with("Include ");
        text += of_include ? "a diagnostic" : diagnostic.message;
        text += " in line " + std::to_string(diagnostic.origin.line) + "\n";
    }
    return text;
}

RC_GTEST_PROP(StageProperty, CopiesMeanTheSame, (std::uint32_t seed)) {
    RandomConfig random(seed);
    RandomFiles files;
    files.files = random.files(true);
    Build build;
    build.version = versions[random.below(std::size(versions))];
    const auto staged = stage("/etc/ssh/sshd_config", files, build, copy_name, {});
    RC_ASSERT(staged.has_value());
    RandomFiles copies;
    for (const Staged& copy : *staged) {
        copies.files[copy.path] = copy.bytes;
    }
    const auto original = parse_config("/etc/ssh/sshd_config", files, build);
    const auto copied = parse_config(staged->front().path, copies, build);
    RC_ASSERT(original.has_value() && copied.has_value());
    RC_ASSERT(original->directives.size() == copied->directives.size());
    RC_ASSERT(difference(meaning_of(*original), meaning_of(*copied)) == std::string());
}

RC_GTEST_PROP(EditProperty, KeepsEveryOtherByte, (std::uint32_t seed)) {
    RandomConfig random(seed);
    RandomFiles files;
    files.files = random.files(false);
    const auto config = parse_config("/etc/ssh/sshd_config", files, {}).value();
    const File& file = config.files[0];
    std::vector<Edit> edits;
    std::string expected;
    for (std::uint32_t line = 1; line <= file.lines.size(); ++line) {
        const std::string bytes =
            file.bytes.substr(file.lines[line - 1].begin, file.lines[line - 1].end - file.lines[line - 1].begin);
        if (const auto what = random.below(4); what == 0) {
            edits.push_back({.first = line, .removed = 1, .inserted = "UsePAM no\n"});
            expected += "UsePAM no\n";
        } else if (what == 1) {
            edits.push_back({.first = line, .inserted = "UsePAM yes\n"});
            expected += "UsePAM yes\n" + bytes;
        } else {
            expected += bytes;
        }
    }
    std::ranges::reverse(edits);
    RC_ASSERT(apply_edits(file, edits).value() == expected);
}

}  // namespace
}  // namespace sshkeep::sshdconf
