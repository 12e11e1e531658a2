#define TOML_IMPLEMENTATION
#include "rules/toml_reader.h"

#include <algorithm>

namespace sshkeep::rules {

Result<toml::table> parse_toml(std::string_view name, std::string_view text) {
    toml::parse_result parsed = toml::parse(text, name);
    if (!parsed) {
        return fail(ErrorCode::invalid, std::string(name) + ":" + std::to_string(parsed.error().source().begin.line) +
                                            ": " + std::string(parsed.error().description()));
    }
    return std::move(parsed).table();
}

const toml::node* TomlReader::find(std::string_view key) { return complaint_ ? nullptr : table_.get(key); }

std::optional<std::string> TomlReader::scalar(const toml::node& node) const {
    if (const auto* text = node.as_string()) {
        return text->get();
    }
    if (const auto* number = node.as_integer()) {
        return std::to_string(number->get());
    }
    return std::nullopt;
}

std::string TomlReader::text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return {};
    }
    auto value = scalar(*node);
    if (!value) {
        complain(key, "must be text");
    }
    return value.value_or("");
}

std::string TomlReader::required_text(std::string_view key) {
    std::string value = text(key);
    if (value.empty()) {
        complain(key, "is missing");
    }
    return value;
}

std::vector<std::string> TomlReader::list(std::string_view key) {
    std::vector<std::string> values;
    const toml::node* node = find(key);
    if (node == nullptr) {
        return values;
    }
    if (auto value = scalar(*node)) {
        values.push_back(*std::move(value));
        return values;
    }
    const toml::array* elements = node->as_array();
    if (elements == nullptr) {
        complain(key, "must be a list of texts");
        return values;
    }
    for (const toml::node& element : *elements) {
        if (auto value = scalar(element)) {
            values.push_back(*std::move(value));
        } else {
            complain(key, "must be a list of texts");
        }
    }
    return values;
}

std::optional<bool> TomlReader::flag(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* value = node->as_boolean();
    if (value == nullptr) {
        complain(key, "must be true or false");
        return std::nullopt;
    }
    return value->get();
}

std::optional<std::uint32_t> TomlReader::number(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* value = node->as_integer();
    if (value == nullptr || value->get() < 0 || value->get() > UINT32_MAX) {
        complain(key, "must be a number from 0");
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(value->get());
}

std::map<std::string, std::string> TomlReader::texts(std::string_view key) {
    std::map<std::string, std::string> values;
    const toml::table* inner = table(key);
    if (inner == nullptr) {
        return values;
    }
    for (const auto& [name, node] : *inner) {
        if (auto value = scalar(node)) {
            values.emplace(name.str(), *std::move(value));
        } else {
            complain(key, "must hold texts");
        }
    }
    return values;
}

std::map<std::string, std::vector<std::string>> TomlReader::lists(std::string_view key) {
    std::map<std::string, std::vector<std::string>> values;
    const toml::table* inner = table(key);
    if (inner == nullptr) {
        return values;
    }
    TomlReader reader(*inner, where_ + "." + std::string(key));
    for (const auto& [name, node] : *inner) {
        values.emplace(name.str(), reader.list(name.str()));
    }
    if (reader.complaint_ && !complaint_) {
        complaint_ = reader.complaint_;
    }
    return values;
}

const toml::table* TomlReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return nullptr;
    }
    if (node->as_table() == nullptr) {
        complain(key, "must be a table");
    }
    return node->as_table();
}

const toml::array* TomlReader::array(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return nullptr;
    }
    if (node->as_array() == nullptr) {
        complain(key, "must be an array");
    }
    return node->as_array();
}

void TomlReader::complain(std::string_view key, std::string_view what) {
    if (complaint_) {
        return;
    }
    const toml::node* node = table_.get(key);
    const toml::source_region& source = node == nullptr ? table_.source() : node->source();
    std::string place = where_;
    if (source.path) {
        place = *source.path + ":" + std::to_string(source.begin.line) + ": " + where_;
    }
    complaint_ = place + ": " + std::string(key) + " " + std::string(what);
}

void TomlReader::allow_only(std::span<const std::string_view> keys) {
    for (const auto& [name, node] : table_) {
        if (std::ranges::find(keys, name.str()) == keys.end()) {
            complain(name.str(), "is not a known key");
        }
    }
}

Result<void> TomlReader::finish() const {
    if (complaint_) {
        return fail(ErrorCode::invalid, *complaint_);
    }
    return {};
}

}  // namespace sshkeep::rules
