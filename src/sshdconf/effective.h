#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sshdconf/config.h"

namespace sshkeep::sshdconf {

/// A connection as `sshd -T -C` describes it. An absent value matches no criterion that needs it.
struct Connection {
    std::optional<std::string> user;
    bool user_exists = true;          ///< false: "Match Invalid-User" applies
    std::vector<std::string> groups;  ///< names of all groups of the user, primary first
    std::optional<std::string> host;  ///< client's name, as UseDNS would give it
    std::optional<std::string> address;
    std::optional<std::string> local_address;
    std::optional<std::uint16_t> local_port;
    std::optional<std::string> rdomain;
};

/// Of a condition that may depend on something that is never run or could not be read.
enum class Tri : std::uint8_t { no, yes, unknown };

/// What one option is set to, for one connection.
struct Setting {
    std::string name;  ///< lower case, as sshd -T of 9.2 spells it ("kbdinteractiveauthentication")
    /// One element for each line that sshd -T prints for it, after the keyword and normalised as it prints it
    /// ("without-password", "22", "yes", a full algorithm list). Empty: unset, nothing is printed.
    std::vector<std::string> values;
    /// The lines that gave the values, in order; empty = the build's default.
    std::vector<Origin> origins;
    /// Not empty: the value may be another, for this reason ("depends on Match exec at /etc/ssh/sshd_config:12").
    std::string uncertain;

    [[nodiscard]] bool is_default() const noexcept { return origins.empty(); }
    /// The first value, or "" when unset.
    [[nodiscard]] std::string_view value() const noexcept { return values.empty() ? std::string_view{} : values[0]; }
};

/// Everything sshd would use for one connection, in the order in which sshd -T of this build prints it.
/// Connections share what no Match block changes for them, so that thousands of outcomes cost little more than one.
class Effective {
public:
    using Shared = std::shared_ptr<const std::vector<Setting>>;

    explicit Effective(std::vector<Setting> settings)
        : shared_(std::make_shared<const std::vector<Setting>>(std::move(settings))) {}
    /// `own` replaces the settings of the same names in `shared`.
    Effective(Shared shared, std::vector<Setting> own) : shared_(std::move(shared)), own_(std::move(own)) {}
    /// Lower-case current name; aliases ("challengeresponseauthentication") are resolved. nullptr: this build has no
    /// such option.
    [[nodiscard]] const Setting* find(std::string_view name) const;
    /// The first value of an option; "" when it is unset or this build does not have it.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    [[nodiscard]] std::vector<Setting> settings() const;

private:
    [[nodiscard]] const Setting* find_current(std::string_view name) const;

    Shared shared_;
    std::vector<Setting> own_;
};

/// What one connection meets.
struct Outcome {
    const Effective* effective = nullptr;  ///< one object for equal outcomes; valid as long as the Evaluator
    std::vector<std::uint32_t> blocks;     ///< that hold for certain (parents included), ascending
};

/// Answers for many connections; equal Match outcomes share one Effective, so that ten thousand accounts cost a few
/// evaluations. Keeps a reference to the configuration. Not thread-safe.
class Evaluator {
public:
    explicit Evaluator(const Config& config);
    ~Evaluator();
    Evaluator(Evaluator&&) noexcept;
    Evaluator& operator=(Evaluator&&) noexcept;

    /// Valid as long as the Evaluator.
    [[nodiscard]] const Effective& at(const Connection& connection);
    /// The same with the blocks: one walk over all of them.
    [[nodiscard]] Outcome outcome(const Connection& connection);
    /// Whether the connection satisfies a block (parents included). Looks at no other block.
    [[nodiscard]] Tri matches(std::uint32_t block, const Connection& connection) const;
    /// Stands for connections that are not looked at: every setting is uncertain, for this reason.
    /// Valid as long as the Evaluator.
    [[nodiscard]] const Effective& unknown(const std::string& reason);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A connection that satisfies the block, as far as one can be made up from its criteria (first positive pattern of
/// each; a made-up user, host or address in a range for patterns). nullopt when there is none (contradiction, negation
/// only).
[[nodiscard]] std::optional<Connection> sample_connection(const Config& config, std::uint32_t block);

/// As sshd -T of the configuration's build prints it, each line ended with a newline.
[[nodiscard]] std::string render_effective(const Effective& effective, const Build& build);

/// A line that names an option but does not decide it for the connection, and why.
struct Shadowed {
    Origin origin;
    std::string why;  ///< "shadowed by /etc/ssh/sshd_config.d/50-cloud-init.conf:1", "inside Match User bob, which does
                      ///< not apply"
};

struct Explanation {
    Setting setting;
    std::vector<Shadowed> others;  ///< every other line naming the option, in reading order
};

/// Where an option's value comes from. Error `not_found` when the build has no such option.
[[nodiscard]] Result<Explanation> explain(const Config& config, std::string_view option, const Connection& connection);

}  // namespace sshkeep::sshdconf
