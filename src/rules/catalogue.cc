#include "rules/catalogue.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/text.h"
#include "rules/check_spec.h"
#include "rules/toml_reader.h"

namespace sshkeep::rules {
namespace {

bool is_rule_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && id.front() != '-' && id.back() != '-' &&
           std::ranges::all_of(id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// `missing`: what an option that this sshd does not have means, where the test itself does not say it.
Result<Test> parse_test(const toml::table& table, const std::string& where, std::string_view missing) {
    TomlReader reader(table, where);
    Test test;
    test.option = reader.required_text("option");
    test.key = ascii_lower(test.option);
    test.one_of = reader.list("one_of");
    test.none_of = reader.list("none_of");
    test.all_of = reader.list("all_of");
    test.offers = reader.list("offers");
    test.partial = reader.list("partial");
    test.accepts_none = reader.list("accepts_none");
    test.min = reader.text("min");
    test.max = reader.text("max");
    test.zero = reader.text("zero");
    test.is_set = reader.flag("set");
    test.is_default = reader.flag("default");
    test.field = reader.number("field");
    test.max_words = reader.number("max_words");
    test.min_words = reader.number("min_words");
    test.items = reader.flag("items").value_or(false);
    test.words = reader.flag("words").value_or(false);
    test.debian_default = reader.text("debian_default");
    test.message = reader.text("message");
    test.missing = reader.has("missing") ? reader.text("missing") : std::string(missing);
    if (test.missing != "pass" && test.missing != "fail") {
        reader.complain("missing", "must be pass or fail");
    }
    if (!test.zero.empty() && test.zero != "pass" && test.zero != "fail") {
        reader.complain("zero", "must be pass or fail");
    }
    TRY(reader.finish());
    return test;
}

constexpr std::size_t test_key_count = 20;
/// The keys of a test, and after them those that only a whole check has.
constexpr auto option_keys = std::to_array<std::string_view>(
    {"option",       "one_of",    "none_of", "all_of", "offers",         "partial", "min",     "max",   "zero",
     "set",          "default",   "field",   "words",  "debian_default", "message", "missing", "items", "min_words",
     "accepts_none", "max_words", "require", "any",    "when",           "since",   "before",  "who"});

Result<std::vector<Test>> parse_tests(const toml::array& array, const std::string& where, std::string_view missing) {
    std::vector<Test> tests;
    for (const toml::node& node : array) {
        const toml::table* table = node.as_table();
        if (table == nullptr) {
            return fail(ErrorCode::invalid, where + ": must be a list of tables");
        }
        TomlReader reader(*table, where);
        reader.allow_only(std::span(option_keys).first(test_key_count));
        TRY(reader.finish());
        tests.push_back(TRY(parse_test(*table, where, missing)));
    }
    return tests;
}

/// A list of tests (all must hold), or a list of such lists (one of them must hold).
Result<Condition> parse_condition(TomlReader& reader, std::string_view key) {
    Condition condition;
    if (const toml::table* single = reader.is_table(key) ? reader.table(key) : nullptr; single != nullptr) {
        condition.push_back({TRY(parse_test(*single, reader.where(), "fail"))});
        return condition;
    }
    const toml::array* array = reader.array(key);
    if (array == nullptr || array->empty()) {
        return condition;
    }
    const std::string where = reader.where() + "." + std::string(key);
    if (array->front().is_table()) {
        condition.push_back(TRY(parse_tests(*array, where, "fail")));
        return condition;
    }
    for (const toml::node& group : *array) {
        if (group.as_array() == nullptr) {
            return fail(ErrorCode::invalid, where + ": must be a list of tables or of lists of tables");
        }
        condition.push_back(TRY(parse_tests(*group.as_array(), where, "fail")));
    }
    return condition;
}

std::optional<OpensshVersion> parse_release(TomlReader& reader, std::string_view key) {
    if (!reader.has(key)) {
        return std::nullopt;
    }
    auto version = parse_openssh_version(reader.text(key));
    if (!version) {
        reader.complain(key, "must be an OpenSSH release such as 9.8p1");
    }
    return version;
}

Result<CheckSpec> parse_option_check(const toml::table& table, TomlReader& reader) {
    OptionSpec spec;
    if (reader.has("option")) {
        spec.require.push_back(TRY(parse_test(table, reader.where(), "pass")));
    }
    if (const toml::array* more = reader.has("require") ? reader.array("require") : nullptr; more != nullptr) {
        std::vector<Test> tests = TRY(parse_tests(*more, reader.where(), "pass"));
        std::ranges::move(tests, std::back_inserter(spec.require));
    }
    spec.any = TRY(parse_condition(reader, "any"));
    spec.when = TRY(parse_condition(reader, "when"));
    spec.since = parse_release(reader, "since");
    spec.before = parse_release(reader, "before");
    if (const std::string who = reader.text("who"); who == "root") {
        spec.who = Who::root;
    } else if (!who.empty()) {
        reader.complain("who", "must be root");
    }
    TRY(reader.finish());
    return CheckSpec{std::move(spec)};
}

Result<CheckSpec> parse_algorithm_check(TomlReader& reader) {
    AlgorithmSpec spec;
    spec.type = reader.required_text("type");
    for (const std::string& option : reader.list("algorithms")) {
        spec.lists.push_back({.option = option, .key = ascii_lower(option)});
    }
    spec.ratings = reader.list("ratings");
    spec.names = reader.list("names");
    spec.when = TRY(parse_condition(reader, "when"));
    reader.allow_only({"algorithms", "type", "ratings", "names", "when"});
    TRY(reader.finish());
    return CheckSpec{std::move(spec)};
}

Result<CheckSpec> parse_cve_check(TomlReader& reader) {
    CveSpec spec;
    spec.id = reader.required_text("cve");
    spec.since = parse_release(reader, "since");
    spec.before = parse_release(reader, "before");
    for (auto& [codename, version] : reader.texts("debian_fixed")) {
        spec.debian_fixed.push_back({codename, version});
    }
    spec.needs = TRY(parse_condition(reader, "needs"));
    spec.fact = reader.text("fact");
    spec.libc = reader.text("libc");
    spec.note = reader.text("note");
    reader.allow_only({"cve", "since", "before", "debian_fixed", "needs", "fact", "libc", "note"});
    TRY(reader.finish());
    return CheckSpec{std::move(spec)};
}

Result<CheckSpec> parse_check(const toml::table& table, const std::string& where) {
    TomlReader reader(table, where);
    const int kinds = int{reader.has("option") || reader.has("require") || reader.has("any")} +
                      int{reader.has("algorithms")} + int{reader.has("cve")} + int{reader.has("code")};
    if (kinds != 1) {
        reader.complain("check", "needs exactly one of option, algorithms, cve, code");
        TRY(reader.finish());
    }
    if (reader.has("algorithms")) {
        return parse_algorithm_check(reader);
    }
    if (reader.has("cve")) {
        return parse_cve_check(reader);
    }
    if (reader.has("code")) {
        reader.allow_only({"code"});
        CodeSpec spec{reader.required_text("code")};
        TRY(reader.finish());
        return CheckSpec{std::move(spec)};
    }
    reader.allow_only(option_keys);
    return parse_option_check(table, reader);
}

Remedy parse_remedy(TomlReader& reader) {
    Remedy remedy{.written = reader.flag("plan").value_or(false), .by_hand = reader.text("by_hand")};
    if (reader.has("set")) {
        remedy.lines = reader.list("set");
        remedy.written = true;
    }
    if (int{reader.has("plan")} + int{reader.has("set")} + int{reader.has("by_hand")} > 1) {
        reader.complain("plan", "and set and by_hand exclude each other");
    }
    return remedy;
}

Result<Rule> parse_rule(const toml::table& table, std::string_view file) {
    TomlReader reader(table, std::string(file));
    Rule rule;
    rule.id = reader.required_text("id");
    if (!is_rule_id(rule.id)) {
        reader.complain("id", "must be lower-case letters, digits and dashes");
    }
    rule.title = reader.required_text("title");
    if (const auto severity = parse_severity(reader.required_text("severity"))) {
        rule.severity = *severity;
    } else {
        reader.complain("severity", "must be critical, high, medium, low or info");
    }
    rule.why = reader.required_text("why");
    rule.exploit = reader.required_text("exploit");
    rule.fix = reader.required_text("fix");
    rule.remedy = parse_remedy(reader);
    rule.references = reader.list("references");
    rule.covers = reader.list("covers");
    rule.controls = reader.lists("controls");
    rule.parameters = reader.texts("parameters");
    const toml::table* check = reader.table("check");
    if (check == nullptr) {
        reader.complain("check", "is missing");
    }
    reader.allow_only({"id", "title", "severity", "why", "exploit", "fix", "plan", "set", "by_hand", "references",
                       "covers", "controls", "parameters", "check"});
    TRY(reader.finish());
    rule.check = std::make_shared<const CheckSpec>(TRY(parse_check(*check, std::string(file) + ": " + rule.id)));
    return rule;
}

}  // namespace

const Rule* Catalogue::find(std::string_view id) const {
    const auto found = std::ranges::find(rules, id, &Rule::id);
    return found != rules.end() ? &*found : nullptr;
}

std::string fill_in(std::string text, const std::map<std::string, std::string>& parameters) {
    for (const auto& [name, value] : parameters) {
        const std::string pattern = "{" + name + "}";
        for (std::size_t at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at + value.size())) {
            text.replace(at, pattern.size(), value);
        }
    }
    return text;
}

Result<Catalogue> parse_catalogue(const std::vector<CatalogueFile>& files) {
    Catalogue catalogue;
    for (const CatalogueFile& file : files) {
        const toml::table root = TRY(parse_toml(file.name, file.text));
        TomlReader reader(root, std::string(file.name));
        reader.allow_only({"rule"});
        const toml::array* rules = reader.array("rule");
        TRY(reader.finish());
        for (std::size_t i = 0; rules != nullptr && i < rules->size(); ++i) {
            const toml::table* table = rules->get(i)->as_table();
            if (table == nullptr) {
                return fail(ErrorCode::invalid, std::string(file.name) + ": rule must be a table");
            }
            catalogue.rules.push_back(TRY(parse_rule(*table, file.name)));
        }
    }
    std::ranges::sort(catalogue.rules, {}, &Rule::id);
    const auto twice = std::ranges::adjacent_find(catalogue.rules, {}, &Rule::id);
    if (twice != catalogue.rules.end()) {
        return fail(ErrorCode::invalid, "two rules have the id " + twice->id);
    }
    return catalogue;
}

}  // namespace sshkeep::rules
