#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sshkeep::rules {

/// What an algorithm is worth on the day the table is dated. A: wanted today. B: sound. C: dated, only where an old
/// peer needs it. F: broken.
struct Rating {
    std::string name;  ///< a trailing "*" stands for any ending
    char grade = 'F';
    std::string reason;
    std::string reference;
};

/// catalogue/algorithms.toml.
class Ratings {
public:
    [[nodiscard]] static Result<Ratings> parse(std::string_view toml);
    /// The row of a name: exact, else the longest pattern; nullptr when the table does not know it.
    /// `type`: "kex", "hostkey", "cipher", "mac", "compression".
    [[nodiscard]] const Rating* find(std::string_view type, std::string_view name) const;
    [[nodiscard]] const std::vector<Rating>* of_type(std::string_view type) const;
    [[nodiscard]] const std::string& dated() const noexcept { return dated_; }

private:
    std::string dated_;
    std::map<std::string, std::vector<Rating>, std::less<>> by_type_;
};

/// The table's text built into this program, and the table itself.
[[nodiscard]] std::string_view shipped_algorithms();
[[nodiscard]] const Ratings& shipped_ratings();

}  // namespace sshkeep::rules
