#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "sshdconf/options.h"

/// What is wanted, made out for one host; private to the room.
namespace sshkeep::plan {

/// A configuration and the connections that matter. Keeps references; not thread-safe.
class View {
public:
    explicit View(const facts::HostFacts& facts);
    /// For contexts that the caller has worked out already.
    View(const facts::HostFacts& facts, std::vector<facts::Context> contexts);

    [[nodiscard]] const sshdconf::Config& config() const { return config_; }
    /// The last one is a connection that no Match block is made for: what stands outside of them.
    [[nodiscard]] const std::vector<facts::Context>& contexts() const { return contexts_; }
    [[nodiscard]] std::size_t outside() const { return contexts_.size() - 1; }
    [[nodiscard]] const sshdconf::Setting* setting(std::size_t context, sshdconf::Option option) const;
    /// Whether a line stands in a Match block.
    [[nodiscard]] bool in_block(const sshdconf::Origin& origin) const { return in_blocks_.contains(origin); }
    /// Whether it stands in one that is made for some connections, other than `Match all`.
    [[nodiscard]] bool is_conditional(const sshdconf::Origin& origin) const { return conditional_.contains(origin); }

private:
    void look_around();

    const sshdconf::Config& config_;
    sshdconf::Evaluator evaluator_;
    std::vector<facts::Context> contexts_;
    std::set<sshdconf::Origin> in_blocks_;
    std::set<sshdconf::Origin> conditional_;
};

struct Goal {
    Wanted wanted;  ///< its lines as this sshd takes them
    sshdconf::Option option = sshdconf::Option::count_;
    std::vector<std::string> values;  ///< as sshd -T prints them once it is reached
    std::vector<std::size_t> asked;   ///< contexts of the View in which it must hold
};

/// Whether a setting is what the goal wants, for certain.
[[nodiscard]] bool reached(const Goal& goal, const sshdconf::Setting* setting);

/// What is instead of a goal: "PermitRootLogin is yes in Match User bob (/etc/ssh/sshd_config:40)".
[[nodiscard]] std::string difference(const Goal& goal, const sshdconf::Setting* setting, const sshdconf::Config& config,
                                     const std::string& label);
/// A place in the configuration, fit for people.
[[nodiscard]] std::string place_of(const sshdconf::Config& config, const sshdconf::Origin& origin);

/// Lines of options whose later lines count too are replaced as a whole.
[[nodiscard]] bool accumulates(sshdconf::Option option, const sshdconf::Build& build);

/// Goals of what is wanted and not in force yet; what cannot be done is told in `left_out`.
[[nodiscard]] std::vector<Goal> goals_of(const std::vector<Wanted>& wanted, const View& view,
                                         std::vector<LeftOut>& left_out);

/// The line that several changes of one list of algorithms come to, each a directive as a rule writes it, the list
/// `current` being in force. Nothing: no algorithm would be left.
[[nodiscard]] std::optional<std::string> compose_list(sshdconf::Option option, const std::vector<std::string>& lines,
                                                      const sshdconf::Setting& current, const sshdconf::Build& build);
/// MaxStartups of a rule with those of its three parts that are stricter already.
[[nodiscard]] std::string compose_startups(const std::string& line, const sshdconf::Setting& current);
[[nodiscard]] bool is_algorithm_list(sshdconf::Option option);

/// "root-login, max-auth-tries" or "--set PermitRootLogin": what to call it in a LeftOut.
[[nodiscard]] std::string asked_by(const Wanted& wanted);

}  // namespace sshkeep::plan
