#include <chrono>

#include "base/text.h"
#include "rules/engine.h"
#include "rules/toml_reader.h"

namespace sshkeep::rules {
namespace {

constexpr std::int64_t seconds_per_day = 86400;

/// The last second of the day, UTC.
std::optional<std::int64_t> end_of_day(int year, unsigned month, unsigned day) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date}.time_since_epoch().count() * seconds_per_day + seconds_per_day - 1;
}

/// YYYY-MM-DD, as a TOML date or as text.
std::optional<std::int64_t> read_day(const toml::node* node) {
    if (node == nullptr) {
        return std::nullopt;
    }
    if (const auto* date = node->as_date()) {
        return end_of_day(date->get().year, date->get().month, date->get().day);
    }
    const auto* text = node->as_string();
    if (text == nullptr) {
        return std::nullopt;
    }
    const auto pieces = split(text->get(), '-');
    if (pieces.size() != 3 || pieces[0].size() != 4 || pieces[1].size() != 2 || pieces[2].size() != 2) {
        return std::nullopt;
    }
    const auto year = parse_uint(pieces[0]);
    const auto month = parse_uint(pieces[1]);
    const auto day = parse_uint(pieces[2]);
    if (!year || !month || !day) {
        return std::nullopt;
    }
    return end_of_day(static_cast<int>(*year), static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

}  // namespace

Result<std::vector<Waiver>> parse_waivers(std::string_view toml) {
    const toml::table root = TRY(parse_toml("waivers", toml));
    TomlReader reader(root, "waivers");
    reader.allow_only({"waiver"});
    const toml::array* rows = reader.array("waiver");
    TRY(reader.finish());
    std::vector<Waiver> waivers;
    for (std::size_t i = 0; rows != nullptr && i < rows->size(); ++i) {
        const toml::table* table = rows->get(i)->as_table();
        if (table == nullptr) {
            return fail(ErrorCode::invalid, "waivers: waiver must be a table");
        }
        TomlReader row(*table, "waiver");
        Waiver waiver;
        waiver.rule = row.required_text("rule");
        waiver.scope = row.text("scope");
        waiver.reason = row.required_text("reason");
        if (const auto until = read_day(table->get("until"))) {
            waiver.until = *until;
        } else {
            row.complain("until", "must be a date, YYYY-MM-DD");
        }
        row.allow_only({"rule", "scope", "reason", "until"});
        TRY(row.finish());
        waivers.push_back(std::move(waiver));
    }
    return waivers;
}

}  // namespace sshkeep::rules
