#include "sshdconf/per_source_penalties.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "sshdconf/task.h"
#include "sshdconf/values.h"

namespace sshkeep::sshdconf {

namespace {

enum class PartForm : std::uint8_t { time, count, overflow };

struct Part {
    std::string_view name;
    PartForm form;
    int since;
    std::string_view by_default;
};

/// In the order of printing; the index of a part is its place here plus one.
constexpr Part parts_table[] = {
    {"crash", PartForm::time, 908, "90"},
    {"authfail", PartForm::time, 908, "5"},
    {"noauth", PartForm::time, 908, "1"},
    {"invaliduser", PartForm::time, 1003, "5"},
    {"grace-exceeded", PartForm::time, 908, "10"},
    {"refuseconnection", PartForm::time, 909, "10"},
    {"max", PartForm::time, 908, "600"},
    {"min", PartForm::time, 908, "15"},
    {"max-sources4", PartForm::count, 908, "65536"},
    {"max-sources6", PartForm::count, 908, "65536"},
    {"overflow", PartForm::overflow, 908, "permissive"},
    {"overflow6", PartForm::overflow, 908, ""},
};
static_assert(std::size(parts_table) + 1 == penalty_parts);

constexpr std::size_t overflow_part = 11;

/// Since 10.3 times are fractions, printed with six digits.
std::string time_text(double seconds, int version) {
    if (version < 1003) {
        return std::to_string(static_cast<std::int64_t>(seconds));
    }
    std::string text(std::size_t{400}, '\0');
    const int length = std::snprintf(text.data(), text.size(), "%f", seconds);
    text.resize(static_cast<std::size_t>(std::clamp(length, 0, 399)));
    return text;
}

std::string default_text(const Part& part, int version) {
    if (part.form != PartForm::time) {
        return std::string(part.by_default);
    }
    const bool grace_of_9_8 = version == 908 && part.name == "grace-exceeded";
    return time_text(grace_of_9_8 ? 20 : parse_time(part.by_default, version).value_or(0), version);
}

std::optional<std::string> parse_part(const Part& part, std::string_view value, int version) {
    switch (part.form) {
        case PartForm::time: {
            const auto seconds = parse_time(value, version);
            return seconds && *seconds >= 0 ? std::optional(time_text(*seconds, version)) : std::nullopt;
        }
        case PartForm::count: {
            const auto number = parse_bounded(value, 0, int_max);
            return number ? std::optional(std::to_string(*number)) : std::nullopt;
        }
        case PartForm::overflow:
            return value == "deny-all" || value == "permissive" ? std::optional(std::string(value)) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<PenaltySetting> parse_penalty(std::string_view word, int version) {
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < std::size(parts_table); ++i) {
        const Part& part = parts_table[i];
        if (part.name == word.substr(0, colon) && part.since <= version) {
            auto value = parse_part(part, word.substr(colon + 1), version);
            return value ? std::optional(PenaltySetting{i + 1, *std::move(value)}) : std::nullopt;
        }
    }
    return std::nullopt;
}

std::string render_penalties(const std::vector<std::string>& parts, int version) {
    const auto given = [&](std::size_t part) { return part < parts.size() ? parts[part] : std::string{}; };
    if (given(penalty_enabled) == "no") {
        return "no";
    }
    std::string text;
    std::string overflow;
    for (std::size_t i = 0; i < std::size(parts_table); ++i) {
        const Part& part = parts_table[i];
        if (part.since > version) {
            continue;
        }
        std::string value = given(i + 1);
        if (value.empty()) {
            value = part.by_default.empty() ? overflow : default_text(part, version);  // overflow6 follows overflow
        }
        if (i + 1 == overflow_part) {
            overflow = value;
        }
        text += text.empty() ? "" : " ";
        text.append(part.name).append(":").append(value);
    }
    return text;
}

}  // namespace sshkeep::sshdconf
