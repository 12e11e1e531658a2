#pragma once

#include <string>

#include "base/result.h"
#include "facts/facts.h"
#include "plan/plan.h"
#include "ports/host.h"

namespace sshkeep::app {

/// Puts a forced command in front of every accepted key of root that prints "Please login as the user NAME rather than
/// the user root." and ends, with every kind of forwarding off, as cloud images do it. Keys that have a command of
/// their own keep it. Adds the changed files to the plan. Error invalid: `name` is not an account with a way to
/// administer.
[[nodiscard]] Result<void> plan_root_notice(ports::Host& host, const facts::HostFacts& facts, const std::string& name,
                                            plan::Plan& plan);

}  // namespace sshkeep::app
