// Every row of the other auditors' catalogues is answered by a rule, or by a reason why not; docs/coverage.md says so.
// SSHKEEP_UPDATE=1 writes that file anew.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/text.h"
#include "rules/catalogue.h"
#include "rules/ratings.h"

namespace sshkeep::rules {
namespace {

const std::string root = SSHKEEP_SOURCE_DIR;
const std::string document = root + "/docs/coverage.md";

struct Table {
    std::string_view name;
    std::string_view title;
    std::string_view column;
};

constexpr std::array tables = {
    Table{"lynis", "Lynis 3.1.6, SSH tests", "good / medium / weak there"},
    Table{"dev-sec", "dev-sec ssh-baseline 2.8.1", "subject"},
    Table{"cac", "ComplianceAsCode 0.1.83, SSH rules", "option and value there"},
    Table{"cis", "CIS, section 5.1", "number in Debian 12 / Debian 13"},
    Table{"alg", "SSH algorithms", "rating"},
    Table{"cve", "Vulnerabilities of OpenSSH", "side and range"},
    Table{"issue", "What the others leave out", "topic"},
};

using Rows = std::vector<std::pair<std::string, std::string>>;

Rows read_rows(const std::string& name) {
    Rows rows;
    std::ifstream stream(root + "/tests/coverage/" + name + ".tsv");
    EXPECT_TRUE(stream.good()) << name;
    std::string line;
    while (std::getline(stream, line)) {
        const auto tab = line.find('\t');
        if (!line.starts_with('#') && tab != std::string::npos) {
            rows.emplace_back(line.substr(0, tab), line.substr(tab + 1));
        }
    }
    return rows;
}

const Catalogue& catalogue() {
    static const Catalogue loaded = parse_catalogue(shipped_rules()).value();
    return loaded;
}

/// The rules that refuse an algorithm: those that its table of ratings makes "TYPE-broken" and "TYPE-dated".
std::vector<std::string> rules_for_algorithm(std::string_view id, std::string& note) {
    const auto colon = id.find(':');
    const std::string_view type = id.substr(0, colon);
    const Rating* rating = shipped_ratings().find(type, id.substr(colon + 1));
    if (rating == nullptr) {
        return {};
    }
    if (rating->grade < 'C') {
        note = std::string("rated ") + rating->grade + ": nothing to refuse";
        return {};
    }
    const std::string ending = rating->grade == 'F' ? "-broken" : "-dated";
    if (type == "hostkey") {
        return rating->grade == 'F' ? std::vector<std::string>{"host-key-algorithms-broken", "pubkey-algorithms-broken"}
                                    : std::vector<std::string>{};
    }
    std::vector<std::string> ids{std::string(type) + ending};
    if (id.starts_with("kex:gss-") && rating->grade == 'F') {
        ids = {"gss-kex-broken"};
    }
    std::erase_if(ids, [](const std::string& rule) { return catalogue().find(rule) == nullptr; });
    return ids;
}

class Coverage {
public:
    Coverage() {
        for (const Rule& rule : catalogue().rules) {
            for (const std::string& row : rule.covers) {
                rules_[row].push_back(rule.id);
            }
        }
        for (const auto& [row, reason] : read_rows("reasons")) {
            reasons_[row] = reason;
        }
    }

    /// "`rule`, `rule`" or the reason; empty when the row is not answered.
    std::string answer(const Table& table, const std::string& id) {
        const std::string row = std::string(table.name) + ":" + id;
        known_.insert(row);
        std::vector<std::string> rules = rules_[row];
        std::string note;
        if (table.name == "alg") {
            rules = rules_for_algorithm(id, note);
        }
        const auto reason = reasons_.find(row);
        EXPECT_TRUE(rules.empty() || reason == reasons_.end()) << row << " has a rule and a reason";
        if (rules.empty()) {
            return reason == reasons_.end() ? note : reason->second;
        }
        std::string text;
        for (const std::string& rule : rules) {
            text += (text.empty() ? "`" : ", `") + rule + "`";
        }
        return text;
    }

    void expect_no_stray_rows() {
        for (const auto& [row, rules] : rules_) {
            EXPECT_TRUE(known_.contains(row) || rules.empty())
                << rules.front() << " covers " << row << ", which is no row";
        }
        for (const auto& [row, reason] : reasons_) {
            EXPECT_TRUE(known_.contains(row)) << "reasons.tsv names " << row << ", which is no row";
        }
    }

private:
    std::map<std::string, std::vector<std::string>> rules_;
    std::map<std::string, std::string> reasons_;
    std::set<std::string> known_;
};

std::string cell(std::string text) {
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
        text.insert(at, "\\");
    }
    return text;
}

std::string render() {
    std::string text =
        "# Coverage\n\nMade by the test `coverage` from tests/coverage/*.tsv and the catalogue; do not edit.\n"
        "Each row of the other catalogues has the rules that answer it, or the reason why none does.\n";
    Coverage coverage;
    for (const Table& table : tables) {
        const Rows rows = read_rows(std::string(table.name));
        EXPECT_FALSE(rows.empty()) << table.name;
        text += "\n## " + std::string(table.title) + "\n\n| row | " + std::string(table.column) +
                " | answered by |\n|---|---|---|\n";
        for (const auto& [id, description] : rows) {
            const std::string answer = coverage.answer(table, id);
            EXPECT_FALSE(answer.empty()) << table.name << ":" << id << " is answered by no rule and no reason";
            text += "| " + cell(id) + " | " + cell(description) + " | " + answer + " |\n";
        }
    }
    coverage.expect_no_stray_rows();
    return text;
}

TEST(Coverage, EveryRowIsAnsweredAndTheDocumentSaysSo) {
    const std::string wanted = render();
    if (std::getenv("SSHKEEP_UPDATE") != nullptr) {
        std::ofstream(document) << wanted;
    }
    std::stringstream written;
    written << std::ifstream(document).rdbuf();
    EXPECT_TRUE(written.str() == wanted) << "docs/coverage.md is stale: run this test with SSHKEEP_UPDATE=1";
}

/// The table that the ratings came from and the one that is shipped say the same.
TEST(Coverage, RatingsAreThoseOfTheTable) {
    for (const auto& [id, grade] : read_rows("alg")) {
        const auto colon = id.find(':');
        const Rating* rating = shipped_ratings().find(id.substr(0, colon), id.substr(colon + 1));
        if (grade.size() == 1) {
            ASSERT_NE(rating, nullptr) << id;
            EXPECT_EQ(std::string(1, rating->grade), grade) << id;
        }
    }
}

}  // namespace
}  // namespace sshkeep::rules
