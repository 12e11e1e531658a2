// Every rule is shown a host that passes it and one that fails it, through the same code as `sshkeep audit --root`.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "app/observe.h"
#include "base/text.h"
#include "golden/golden_case.h"
#include "host/host_factory.h"
#include "rules/engine.h"

namespace sshkeep {
namespace {

namespace fs = std::filesystem;

const fs::path audit_folder = fs::path(SSHKEEP_SOURCE_DIR) / "tests/golden/audit";

const rules::Catalogue& catalogue() {
    static const rules::Catalogue loaded = rules::parse_catalogue(rules::shipped_rules()).value();
    return loaded;
}

std::vector<golden::Case> all_cases() {
    auto cases = golden::read_cases(audit_folder);
    if (!cases) {
        ADD_FAILURE() << cases.error().message;
        return {};
    }
    return *std::move(cases);
}

/// The rule alone, as the profile of the case sets it.
Result<rules::Profile> profile_of(const golden::Case& golden) {
    rules::Profile profile{.name = "case"};
    if (golden.profile.empty()) {
        const rules::Rule* rule = catalogue().find(golden.rule);
        if (rule != nullptr) {
            profile.selected.push_back({.rule = rule, .severity = rule->severity, .parameters = rule->parameters});
        }
        return profile;
    }
    profile = TRY(rules::parse_profile(golden.profile, rules::shipped_profiles(), catalogue()));
    std::erase_if(profile.selected, [&](const auto& selected) { return selected.rule->id != golden.rule; });
    return profile;
}

bool names(const Finding& finding, std::string_view place) {
    return std::ranges::any_of(finding.where, [&](const Location& at) {
        return at.path == place || at.path + ":" + std::to_string(at.line) == place;
    });
}

std::string describe(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        text += "\n  " + std::string(name_of(finding.verdict)) + " [" + finding.context + "] " + finding.detail;
        for (const Location& at : finding.where) {
            text += "\n      " + at.path + ":" + std::to_string(at.line) + " " + std::string(at.text.raw());
        }
    }
    return text;
}

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "sshkeep-golden-XXXXXX").string();
        path_ = mkdtemp(pattern.data()) == nullptr ? fs::path() : fs::path(pattern);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

void run_case(const golden::Case& golden, const fs::path& root) {
    SCOPED_TRACE(golden.rule + "/" + golden.name);
    const auto built = golden::build_tree(golden, root);
    ASSERT_TRUE(built.has_value()) << built.error().message;
    const auto host = host::make_tree_host(root.string());
    ASSERT_TRUE(host.has_value()) << host.error().message;
    const auto profile = profile_of(golden);
    ASSERT_TRUE(profile.has_value()) << profile.error().message;
    ASSERT_EQ(profile->selected.size(), 1U) << "the catalogue or the profile has no such rule";
    const facts::HostFacts facts = app::observe(**host, {.root = root.string(), .now = golden.now});
    const rules::Report report = rules::evaluate(facts, catalogue(), *profile, {}, golden.now);

    std::set<Verdict> verdicts;
    for (const Finding& finding : report.findings) {
        verdicts.insert(finding.verdict);
    }
    const Verdict worst = verdicts.contains(Verdict::fail)      ? Verdict::fail
                          : verdicts.contains(Verdict::unknown) ? Verdict::unknown
                                                                : Verdict::pass;
    EXPECT_EQ(name_of(worst), name_of(golden.expected)) << describe(report.findings);
    for (const std::string& context : golden.contexts) {
        EXPECT_TRUE(std::ranges::any_of(report.findings,
                                        [&](const Finding& finding) {
                                            return finding.verdict == golden.expected &&
                                                   finding.context.find(context) != std::string::npos;
                                        }))
            << "no finding names the context " << context << describe(report.findings);
    }
    for (const std::string& place : golden.places) {
        EXPECT_TRUE(std::ranges::any_of(
            report.findings,
            [&](const Finding& finding) { return finding.verdict == golden.expected && names(finding, place); }))
            << "no finding names " << place << describe(report.findings);
    }
}

TEST(GoldenAudit, EveryCaseGetsItsVerdict) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "NOT RUN: the cases set owners, which needs root";
    }
    const TemporaryFolder folder;
    std::size_t count = 0;
    for (const golden::Case& golden : all_cases()) {
        run_case(golden, folder.path() / std::to_string(count++));
    }
    EXPECT_GT(count, 0U);
    (void)std::printf("%zu cases\n", count);
}

/// "RULE<tab>VERDICT<tab>REASON": no such host can be made as a tree of files.
std::set<std::pair<std::string, std::string>> exceptions() {
    std::set<std::pair<std::string, std::string>> excused;
    std::ifstream stream(audit_folder / "EXCEPTIONS.tsv");
    std::string line;
    while (std::getline(stream, line)) {
        const auto fields = split(line, '\t');
        if (fields.size() == 3 && !line.starts_with('#') && !trim(fields[2]).empty()) {
            excused.emplace(fields[0], fields[1]);
        }
    }
    return excused;
}

TEST(GoldenAudit, EveryRuleHasAPassAndAFail) {
    std::map<std::string, std::set<Verdict>> shown;
    for (const golden::Case& golden : all_cases()) {
        shown[golden.rule].insert(golden.expected);
        EXPECT_NE(catalogue().find(golden.rule), nullptr) << "the catalogue has no rule " << golden.rule;
    }
    const auto excused = exceptions();
    for (const rules::Rule& rule : catalogue().rules) {
        for (const Verdict verdict : {Verdict::pass, Verdict::fail}) {
            const bool is_excused = excused.contains({rule.id, std::string(name_of(verdict))});
            EXPECT_NE(shown[rule.id].contains(verdict), is_excused)
                << rule.id << ": " << name_of(verdict) << (is_excused ? " is shown and excused" : " is not shown");
        }
    }
    for (const auto& [rule, verdict] : excused) {
        EXPECT_NE(catalogue().find(rule), nullptr) << "EXCEPTIONS.tsv names no rule: " << rule;
    }
}

}  // namespace
}  // namespace sshkeep
