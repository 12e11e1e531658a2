#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 0  // the parser itself is compiled once, in toml_reader.cc
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "base/result.h"

/// Reading TOML with complaints that name file, line and key. Only for .cc files: toml++ is heavy.
namespace sshkeep::rules {

/// Parses a file; the Error has its name and line.
[[nodiscard]] Result<toml::table> parse_toml(std::string_view name, std::string_view text);

/// One table. The first complaint is kept and returned by finish(); reads after it give empty values.
class TomlReader {
public:
    TomlReader(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

    [[nodiscard]] std::string text(std::string_view key);
    [[nodiscard]] std::string required_text(std::string_view key);
    [[nodiscard]] std::vector<std::string> list(std::string_view key);
    [[nodiscard]] std::optional<bool> flag(std::string_view key);
    [[nodiscard]] std::optional<std::uint32_t> number(std::string_view key);
    /// A table of texts; integers are taken as their digits.
    [[nodiscard]] std::map<std::string, std::string> texts(std::string_view key);
    [[nodiscard]] std::map<std::string, std::vector<std::string>> lists(std::string_view key);
    [[nodiscard]] const toml::table* table(std::string_view key);
    [[nodiscard]] const toml::array* array(std::string_view key);
    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
    [[nodiscard]] bool is_table(std::string_view key) const { return table_[key].is_table(); }

    void complain(std::string_view key, std::string_view what);
    /// Complains of keys other than these, so that a slip of the pen does not switch a rule off.
    void allow_only(std::span<const std::string_view> keys);
    void allow_only(std::initializer_list<std::string_view> keys) { allow_only(std::span(keys.begin(), keys.size())); }
    [[nodiscard]] const std::string& where() const { return where_; }
    [[nodiscard]] Result<void> finish() const;

private:
    const toml::node* find(std::string_view key);
    std::optional<std::string> scalar(const toml::node& node) const;

    const toml::table& table_;
    std::string where_;
    std::optional<std::string> complaint_;
};

}  // namespace sshkeep::rules
