#include "rules/ratings.h"

#include "base/check.h"
#include "rules/toml_reader.h"

namespace sshkeep::rules {
namespace {

Result<std::vector<Rating>> parse_rows(const toml::array& rows, const std::string& type) {
    std::vector<Rating> ratings;
    for (const toml::node& node : rows) {
        if (node.as_table() == nullptr) {
            return fail(ErrorCode::invalid, "algorithms.toml: " + type + " must be a list of tables");
        }
        TomlReader reader(*node.as_table(), type);
        Rating rating;
        rating.name = reader.required_text("name");
        const std::string grade = reader.required_text("rating");
        if (grade.size() != 1 || std::string_view("ABCF").find(grade[0]) == std::string_view::npos) {
            reader.complain("rating", "must be A, B, C or F");
        } else {
            rating.grade = grade[0];
        }
        rating.reason = reader.text("reason");
        rating.reference = reader.text("reference");
        reader.allow_only({"name", "rating", "reason", "reference"});
        TRY(reader.finish());
        ratings.push_back(std::move(rating));
    }
    return ratings;
}

}  // namespace

Result<Ratings> Ratings::parse(std::string_view toml) {
    const toml::table root = TRY(parse_toml("algorithms.toml", toml));
    TomlReader reader(root, "algorithms.toml");
    Ratings ratings;
    ratings.dated_ = reader.required_text("dated");
    for (const std::string type : {"kex", "hostkey", "cipher", "mac", "compression"}) {
        const toml::array* rows = reader.array(type);
        TRY(reader.finish());
        if (rows != nullptr) {
            ratings.by_type_.emplace(type, TRY(parse_rows(*rows, type)));
        }
    }
    reader.allow_only({"dated", "kex", "hostkey", "cipher", "mac", "compression"});
    TRY(reader.finish());
    return ratings;
}

const std::vector<Rating>* Ratings::of_type(std::string_view type) const {
    const auto rows = by_type_.find(type);
    return rows == by_type_.end() ? nullptr : &rows->second;
}

const Rating* Ratings::find(std::string_view type, std::string_view name) const {
    const std::vector<Rating>* rows = of_type(type);
    if (rows == nullptr) {
        return nullptr;
    }
    const Rating* best = nullptr;
    for (const Rating& row : *rows) {
        if (row.name == name) {
            return &row;
        }
        const bool fits =
            row.name.ends_with('*') && name.starts_with(std::string_view(row.name).substr(0, row.name.size() - 1));
        if (fits && (best == nullptr || best->name.size() < row.name.size())) {
            best = &row;
        }
    }
    return best;
}

const Ratings& shipped_ratings() {
    static const Ratings ratings = [] {
        auto parsed = Ratings::parse(shipped_algorithms());
        CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    return ratings;
}

}  // namespace sshkeep::rules
