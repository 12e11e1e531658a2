#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/difference.h"
#include "app/observe.h"
#include "plan/plan.h"
#include "ports/host.h"
#include "rules/catalogue.h"
#include "transaction/transaction.h"

namespace sshkeep::app {

/// What is wanted, and who asks.
struct HardenRequest {
    const rules::Profile* profile = nullptr;  ///< whose findings are to be mended; nullptr: only `sets`
    std::vector<std::string> only;            ///< rule ids; empty: every rule of the profile
    std::vector<std::string> sets;            ///< "OPTION=VALUE"
    /// Root's keys only print a notice to log in as this account (the forced command of the article).
    std::optional<std::string> root_notice;
    std::vector<std::string> may_lose;  ///< accounts that may lose their last way in
    std::optional<access::Operator> by;
    ObserveOptions observe;
};

/// A plan with its two proofs: what will be in force, and who gains and loses access. Not movable: its parts refer to
/// each other.
class HardenPlan {
public:
    /// A host as observed, with everything that is worked out from it.
    struct View {
        explicit View(facts::HostFacts observed, std::int64_t now);
        View(const View&) = delete;
        View& operator=(const View&) = delete;

        facts::HostFacts facts;
        std::unique_ptr<sshdconf::Evaluator> evaluator;  ///< null: no configuration
        std::unique_ptr<access::Model> model;            ///< null: likewise
    };

    std::unique_ptr<View> before;
    std::unique_ptr<View> after;
    plan::Plan plan;
    access::Difference difference;
    std::vector<access::Danger> dangers;    ///< not empty: must not be applied
    std::vector<std::string> not_in_force;  ///< not empty: would not do what it is meant to; must not be applied either
    transaction::Service service;           ///< what takes the change up
};

/// Works out everything and changes nothing. Errors: no configuration, or accounts unknown.
[[nodiscard]] Result<std::unique_ptr<HardenPlan>> plan_hardening(ports::Host& host, const HardenRequest& request);

/// The service whose configuration it is: "ssh.service" or "sshd.service" with systemd, else sshd's own process.
[[nodiscard]] transaction::Service service_of(const facts::HostFacts& facts, ports::Host& host);

struct ApplyOptions {
    std::chrono::seconds confirm_within{120};
    std::string by;       ///< in words, for the record
    std::string session;  ///< identity of the operator's session
    std::string transactions = transaction::default_directory;
    std::optional<access::Operator> operator_of;  ///< the login test prefers his account
};

struct Applied {
    transaction::Status status;
    std::vector<std::string> notes;  ///< what could not be proved
};

/// Makes the change as a transaction: the new configuration is judged by `sshd -t`, a second sshd with it lets a login
/// in, then the files are changed, and a login through the running sshd succeeds. An error means that the host is as
/// before.
[[nodiscard]] Result<Applied> apply_hardening(ports::Host& host, const HardenPlan& plan, const HardenRequest& request,
                                              const transaction::World& world, const ApplyOptions& options);

}  // namespace sshkeep::app
