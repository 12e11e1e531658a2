#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/version.h"

/// How a rule of the catalogue decides, as data. Private to the room: catalogue/README.md tells it to authors of rules.
namespace sshkeep::rules {

/// Any text of a spec that starts with "$" names a parameter of the rule; a list may hold one such element, and then
/// the parameter's words are the list.
using Text = std::string;
using List = std::vector<std::string>;

/// What is asked of one option in one connection context. Everything that is given must hold.
struct Test {
    std::string option;  ///< as people write it: "MaxAuthTries"
    std::string key;     ///< as Effective::find takes it: "maxauthtries"
    List one_of;         ///< every value matches one of these patterns; case does not matter
    List none_of;        ///< no value matches any of these
    List all_of;         ///< each of these patterns is matched by some value
    List offers;         ///< some value matches one of these
    List partial;        ///< some but not all of these patterns are matched (a strict subset)
    List accepts_none;   ///< no value, taken as a pattern itself, matches any of these
    Text min;
    Text max;
    /// "fail": 0 stands for "no limit" and never passes; "pass": it always does; "": 0 is an ordinary number.
    std::string zero;
    std::optional<bool> is_set;              ///< a value other than none was given; false: none or nothing
    std::optional<bool> is_default;          ///< no line of the configuration sets it
    std::optional<std::uint32_t> field;      ///< judge only this field of "10:30:100" or "1G 3600"
    std::optional<std::uint32_t> max_words;  ///< blank-separated words of each value
    std::optional<std::uint32_t> min_words;  ///< of at least one value
    bool words = false;                      ///< judge each blank-separated word of a value alone
    bool items = false;                      ///< judge each comma-separated item of a value alone
    /// This sshd has no such option: "pass" or "fail". As a rule it passes what is required and fails a condition.
    std::string missing = "pass";
    std::string message;  ///< what is wrong, instead of the made-up sentence
    /// Not empty: only the Debian build has the option, and sshd -T does not always print it; this is its default.
    std::string debian_default;
};

/// Or of ands: some group holds whole. Empty: always.
using Condition = std::vector<std::vector<Test>>;

/// Whose connections a rule is about.
enum class Who : std::uint8_t { everybody, root };

struct OptionSpec {
    std::vector<Test> require;
    Condition any;   ///< some group has to hold as well
    Condition when;  ///< else the rule does not apply
    Who who = Who::everybody;
    std::optional<OpensshVersion> since;   ///< first release the rule is about
    std::optional<OpensshVersion> before;  ///< first release it is no longer about
};

/// Rates what an algorithm list offers by catalogue/algorithms.toml.
struct AlgorithmSpec {
    std::string type;         ///< "kex", "hostkey", "cipher", "mac"
    std::vector<Test> lists;  ///< only `option` and `key` are used
    List ratings;             ///< these ratings fail
    List names;               ///< and so do these names, whatever their rating
    Condition when;
};

struct DebianFix {
    std::string codename;
    std::string version;
};

struct CveSpec {
    std::string id;
    std::optional<OpensshVersion> since;   ///< first release affected
    std::optional<OpensshVersion> before;  ///< first release that has the fix; absent: none yet
    std::vector<DebianFix> debian_fixed;
    Condition needs;
    std::string fact;  ///< a precondition beside the options: cve_facts.h
    std::string libc;  ///< "musl": only such builds
    std::string note;  ///< said with a failure
};

struct CodeSpec {
    std::string name;
};

struct CheckSpec {
    std::variant<OptionSpec, AlgorithmSpec, CveSpec, CodeSpec> how;
};

}  // namespace sshkeep::rules
