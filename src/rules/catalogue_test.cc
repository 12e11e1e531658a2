#include "rules/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "rules/check.h"
#include "rules/check_spec.h"
#include "rules/ratings.h"

namespace sshkeep::rules {
namespace {

TEST(Catalogue, ShippedRulesAreReadWhole) {
    const auto catalogue = parse_catalogue(shipped_rules());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    EXPECT_GT(catalogue->rules.size(), 100U);
}

TEST(Catalogue, ShippedProfilesAreReadWhole) {
    const auto catalogue = parse_catalogue(shipped_rules());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    for (const CatalogueFile& file : shipped_profiles()) {
        const auto name = file.name.substr(0, file.name.size() - std::string_view(".toml").size());
        const auto profile = parse_profile(name, shipped_profiles(), *catalogue);
        ASSERT_TRUE(profile.has_value()) << profile.error().message;
        EXPECT_FALSE(profile->selected.empty()) << name;
        EXPECT_FALSE(profile->title.empty()) << name;
    }
}

TEST(Catalogue, CodedChecksOfTheCatalogueExist) {
    const auto catalogue = parse_catalogue(shipped_rules());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    std::vector<std::string_view> used;
    for (const Rule& rule : catalogue->rules) {
        if (const auto* code = std::get_if<CodeSpec>(&rule.check->how)) {
            EXPECT_NE(find_check(code->name), nullptr) << rule.id << " names " << code->name;
            used.push_back(code->name);
        }
    }
    for (const std::string_view name : check_names()) {
        EXPECT_NE(std::ranges::find(used, name), used.end()) << "no rule uses the check " << name;
    }
}

TEST(Catalogue, RulesOfOptionsSayWhetherAPlanWritesThem) {
    const auto catalogue = parse_catalogue(shipped_rules());
    ASSERT_TRUE(catalogue.has_value()) << catalogue.error().message;
    for (const Rule& rule : catalogue->rules) {
        const bool of_options = std::holds_alternative<OptionSpec>(rule.check->how) ||
                                std::holds_alternative<AlgorithmSpec>(rule.check->how);
        EXPECT_TRUE(!of_options || rule.remedy.written || !rule.remedy.by_hand.empty()) << rule.id;
    }
}

TEST(Catalogue, ShippedAlgorithmsAreRated) {
    const auto ratings = Ratings::parse(shipped_algorithms());
    ASSERT_TRUE(ratings.has_value()) << ratings.error().message;
    const auto grade = [&](std::string_view type, std::string_view name) {
        const Rating* rating = ratings->find(type, name);
        return rating == nullptr ? '?' : rating->grade;
    };
    EXPECT_EQ(grade("kex", "mlkem768x25519-sha256"), 'A');
    EXPECT_EQ(grade("kex", "ecdh-sha2-nistp256"), 'B');  // never failed: RFC 9142
    EXPECT_EQ(grade("kex", "gss-group14-sha1-toWM5Slw5Ew8Mqkay+al2g=="), 'F');
    EXPECT_EQ(grade("cipher", "aes128-cbc"), 'C');
    EXPECT_EQ(grade("hostkey", "ssh-rsa"), 'F');
    EXPECT_EQ(grade("mac", "hmac-nonesuch"), '?');
}

std::string complaint(std::string_view toml) {
    const auto parsed = parse_catalogue({{"x.toml", toml}});
    return parsed ? std::string("none") : parsed.error().message;
}

constexpr std::string_view head =
    "[[rule]]\nid = \"a-b\"\ntitle = \"t\"\nseverity = \"low\"\nwhy = \"w\"\nexploit = \"e\"\nfix = \"f\"\n";

TEST(Catalogue, RefusesSlipsOfThePen) {
    const std::string good = std::string(head);
    EXPECT_EQ(complaint(good + "[rule.check]\noption = \"Port\"\nnone_of = [\"22\"]\n"), "none");
    EXPECT_NE(complaint(good).find("check is missing"), std::string::npos);
    EXPECT_NE(
        complaint(good + "[rule.check]\noption = \"Port\"\nnoneof = [\"22\"]\n").find("noneof is not a known key"),
        std::string::npos);
    EXPECT_NE(complaint(good + "[rule.check]\noption = \"Port\"\ncode = \"x\"\n").find("exactly one"),
              std::string::npos);
    EXPECT_NE(complaint("[[rule]]\nid = \"A\"\n").find("id must be"), std::string::npos);
    EXPECT_NE(complaint("[[rule]\n").find("x.toml:"), std::string::npos);
    const std::string twice = good + "[rule.check]\ncode = \"x\"\n" + good + "[rule.check]\ncode = \"x\"\n";
    EXPECT_NE(complaint(twice).find("two rules have the id a-b"), std::string::npos);
}

TEST(Catalogue, ReadsWhatAPlanMayWrite) {
    const auto remedy_of = [](const std::string& lines) {
        return parse_catalogue({{"x.toml", std::string(head) + lines + "[rule.check]\ncode = \"x\"\n"}})
            .value()
            .rules[0]
            .remedy;
    };
    EXPECT_FALSE(remedy_of("").written);
    EXPECT_TRUE(remedy_of("plan = true\n").written);
    EXPECT_EQ(remedy_of("set = [\"Port {p}\"]\n").lines, std::vector<std::string>{"Port {p}"});
    EXPECT_TRUE(remedy_of("set = [\"Port {p}\"]\n").written);
    EXPECT_EQ(remedy_of("by_hand = \"choose\"\n").by_hand, "choose");
    const std::string both = std::string(head) + "plan = true\nby_hand = \"b\"\n[rule.check]\ncode = \"x\"\n";
    EXPECT_NE(complaint(both).find("exclude each other"), std::string::npos);
}

class Profiles : public ::testing::Test {
protected:
    Profiles() {
        auto parsed = parse_catalogue({{"x.toml", text_}});
        EXPECT_TRUE(parsed.has_value());
        catalogue_ = *std::move(parsed);
    }
    std::string text_ =
        rule("one", "pci-dss = [\"2.2.6\"]") + rule("two", "cis-debian12 = [\"5.1.1\"]") + rule("three", "");
    Catalogue catalogue_;

    static std::string rule(const std::string& id, const std::string& controls) {
        return "[[rule]]\nid = \"" + id +
               "\"\ntitle = \"t\"\nseverity = \"low\"\nwhy = \"w\"\nexploit = \"e\"\nfix = \"f\"\nparameters = { max = "
               "\"4\" }\n"
               "controls = { " +
               controls + " }\n[rule.check]\ncode = \"x\"\n";
    }
    static std::vector<std::string> ids(const Profile& profile) {
        std::vector<std::string> ids;
        for (const auto& selected : profile.selected) {
            ids.push_back(selected.rule->id);
        }
        return ids;
    }
};

TEST_F(Profiles, LaterSettingsWin) {
    const std::vector<CatalogueFile> files = {
        {"base.toml",
         "title = \"Base\"\nselect = [\"*\"]\ndrop = [\"three\"]\n[severity]\none = \"high\"\n"
         "[parameters.one]\nmax = \"3\"\n"},
        {"mine.toml",
         "title = \"Mine\"\nextends = \"base\"\nselect = [\"three\"]\ndrop = [\"two\"]\n"
         "[parameters]\none = { max = 2 }\n[remark]\none = \"said\"\n"}};
    const auto profile = parse_profile("mine", files, catalogue_);
    ASSERT_TRUE(profile.has_value()) << profile.error().message;
    EXPECT_EQ(ids(*profile), (std::vector<std::string>{"one", "three"}));
    EXPECT_EQ(profile->title, "Mine");
    EXPECT_EQ(profile->selected[0].severity, Severity::high);
    EXPECT_EQ(profile->selected[0].parameters.at("max"), "2");
    EXPECT_EQ(profile->selected[0].remark, "said");
    EXPECT_EQ(profile->selected[1].parameters.at("max"), "4");
}

TEST_F(Profiles, SelectsByFramework) {
    const std::vector<CatalogueFile> files = {{"cis.toml", "title = \"c\"\nselect_controls = [\"cis\"]\n"}};
    const auto profile = parse_profile("cis", files, catalogue_);
    ASSERT_TRUE(profile.has_value());
    EXPECT_EQ(ids(*profile), std::vector<std::string>{"two"});
}

TEST_F(Profiles, RefusesCirclesAndUnknownNames) {
    const std::vector<CatalogueFile> files = {{"a.toml", "title = \"a\"\nextends = \"b\"\n"},
                                              {"b.toml", "title = \"b\"\nextends = \"a\"\n"},
                                              {"c.toml", "title = \"c\"\nselect = [\"four\"]\n"},
                                              {"d.toml", "title = \"d\"\n[severity]\nfour = \"low\"\n"}};
    EXPECT_EQ(parse_profile("a", files, catalogue_).error().code, ErrorCode::invalid);
    EXPECT_EQ(parse_profile("c", files, catalogue_).error().code, ErrorCode::not_found);
    EXPECT_EQ(parse_profile("d", files, catalogue_).error().code, ErrorCode::not_found);
    EXPECT_EQ(parse_profile("e", files, catalogue_).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace sshkeep::rules
