#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/goal.h"

namespace sshkeep::plan {

/// A configuration of nothing but wanted lines: what sshd would print of them. Private to the room.
class Scratch {
public:
    Scratch(const std::vector<Goal>& goals, const View& view);

    /// Nothing: sshd would refuse the option's lines, or does not tell of the option.
    [[nodiscard]] std::optional<std::vector<std::string>> values_of(sshdconf::Option option) const;
    /// Why sshd refuses some lines.
    [[nodiscard]] std::string refusal_of(const std::vector<std::string>& lines) const;

private:
    sshdconf::Config config_;
};

}  // namespace sshkeep::plan
