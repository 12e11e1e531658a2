#include <algorithm>
#include <set>

#include "app/harden.h"
#include "app/local_addresses.h"
#include "app/login_probe.h"
#include "app/overlay_host.h"
#include "app/root_notice.h"
#include "base/text.h"
#include "facts/contexts.h"
#include "rules/engine.h"

namespace sshkeep::app {
namespace {

using View = HardenPlan::View;

std::vector<facts::Context> contexts_of(View& view) { return facts::contexts_of(view.facts, *view.evaluator); }

/// The findings that are to be mended.
rules::Report judge(View& view, const HardenRequest& request) {
    auto profile = *request.profile;
    if (!request.only.empty()) {
        std::erase_if(profile.selected, [&](const rules::Profile::Selected& selected) {
            return std::ranges::find(request.only, selected.rule->id) == request.only.end();
        });
    }
    return rules::evaluate_in(view.facts, contexts_of(view), profile, {}, request.observe.now);
}

/// Given assignments come last: they win over what a profile asks for the same option.
Result<std::vector<plan::Wanted>> wanted_of(View& view, const HardenRequest& request,
                                            std::vector<plan::LeftOut>& left_out) {
    std::vector<plan::Wanted> wanted;
    if (request.profile != nullptr) {
        wanted = plan::wanted_of(judge(view, request), *request.profile, view.facts.build, left_out);
    }
    for (const auto& assignment : request.sets) {
        auto set = TRY(plan::wanted_of(assignment, view.facts.build));
        std::erase_if(wanted,
                      [&](const plan::Wanted& other) { return other.option == set.option && !other.rules.empty(); });
        const auto same = std::ranges::find(wanted, set.option, &plan::Wanted::option);
        if (same == wanted.end()) {
            wanted.push_back(std::move(set));
        } else {
            same->lines.insert(same->lines.end(), set.lines.begin(), set.lines.end());
        }
    }
    return wanted;
}

std::set<std::string> failing_rules(View& view, const HardenRequest& request) {
    const auto report = rules::evaluate_in(view.facts, contexts_of(view), *request.profile, {}, request.observe.now);
    std::set<std::string> failing;
    for (const auto& finding : report.findings) {
        if (finding.verdict == Verdict::fail) {
            failing.insert(finding.rule);
        }
    }
    return failing;
}

/// What the audit would find only after the change: mending one thing can uncover another.
void note_new_findings(HardenPlan& plan, const HardenRequest& request) {
    if (request.profile == nullptr || plan.plan.empty()) {
        return;
    }
    const auto before = failing_rules(*plan.before, request);
    for (const auto& rule : failing_rules(*plan.after, request)) {
        if (!before.contains(rule)) {
            plan.plan.notes.push_back("After this change the audit would find " + rule +
                                      ", which it does not find now.");
        }
    }
}

Result<std::unique_ptr<View>> observe_planned(ports::Host& host, const plan::Plan& plan,
                                              const ObserveOptions& options) {
    OverlayHost overlay(host);
    for (const auto& change : plan.changes) {
        TRY(overlay.put(change.path, change.after, change.mode));
    }
    return std::make_unique<View>(observe(overlay, options), options.now);
}

Result<void> usable(const View& view) {
    if (!view.facts.config) {
        return std::unexpected(Error(view.facts.config.error()));
    }
    if (!view.facts.accounts) {
        return std::unexpected(Error(view.facts.accounts.error()));
    }
    return {};
}

/// sshd starts when it can listen on one of its addresses; on none, nobody gets in any more.
std::optional<access::Danger> no_own_address(ports::Host& host, const HardenPlan& plan) {
    const auto own = read_local_addresses(host);
    const auto endpoints = planned_endpoints(plan);
    if (!own || endpoints.empty()) {
        return std::nullopt;
    }
    // planned_endpoints has loopback in place of "any".
    const auto is_own = [&](const Endpoint& endpoint) {
        return endpoint.address == "127.0.0.1" || endpoint.address == "::1" || own->contains(endpoint.address);
    };
    if (std::ranges::any_of(endpoints, is_own)) {
        return std::nullopt;
    }
    return access::Danger{
        {}, "Nobody could connect any more: this host has no address " + endpoints[0].address + " to listen on."};
}

/// Where systemd listens in place of sshd, nothing listens where the configuration says.
std::optional<access::Danger> not_listened_to(const facts::HostFacts& facts, const plan::Plan& plan) {
    const auto runs = [&](const facts::Unit& unit) {
        return unit.running && (unit.name == "ssh.socket" || unit.name == "sshd.socket");
    };
    const auto listens = [](const plan::Wanted& wanted) {
        return iequals(wanted.option, "Port") || iequals(wanted.option, "ListenAddress") ||
               iequals(wanted.option, "AddressFamily");
    };
    const auto wanted = std::ranges::find_if(plan.wanted, listens);
    if (wanted == plan.wanted.end() || !facts.units) {
        return std::nullopt;
    }
    const auto socket = std::ranges::find_if(*facts.units, runs);
    if (socket == facts.units->end()) {
        return std::nullopt;
    }
    return access::Danger{{},
                          "Nothing would listen there: systemd listens for sshd (" + socket->name + "), and " +
                              wanted->option + " has no effect; change its ListenStream instead."};
}

}  // namespace

View::View(facts::HostFacts observed, std::int64_t now) : facts(std::move(observed)) {
    if (facts.config) {
        evaluator = std::make_unique<sshdconf::Evaluator>(*facts.config);
        model = std::make_unique<access::Model>(facts, *evaluator, now);
    }
}

Result<std::unique_ptr<HardenPlan>> plan_hardening(ports::Host& host, const HardenRequest& request) {
    auto result = std::make_unique<HardenPlan>();
    result->before = std::make_unique<View>(observe(host, request.observe), request.observe.now);
    auto& before = *result->before;
    TRY(usable(before));
    std::vector<plan::LeftOut> left_out;
    const auto wanted = TRY(wanted_of(before, request, left_out));
    result->plan = TRY(plan::plan_configuration(before.facts, wanted, std::move(left_out)));
    if (request.root_notice) {
        TRY(plan_root_notice(host, before.facts, *request.root_notice, result->plan));
    }
    result->after = TRY(observe_planned(host, result->plan, request.observe));
    auto& after = *result->after;
    TRY(usable(after));
    result->difference = access::compare(TRY(before.model->paths({})), TRY(after.model->paths({})));
    result->not_in_force = plan::not_in_force(result->plan.wanted, after.facts, contexts_of(after));
    if (!result->plan.empty()) {
        result->dangers = TRY(access::dangers(*before.model, *after.model, request.by, request.may_lose));
    }
    result->service = service_of(before.facts, host);
    note_new_findings(*result, request);
    for (auto& danger : {no_own_address(host, *result), not_listened_to(before.facts, result->plan)}) {
        if (danger && !result->plan.empty()) {
            result->dangers.insert(result->dangers.begin(), *danger);
        }
    }
    return result;
}

transaction::Service service_of(const facts::HostFacts& facts, ports::Host& host) {
    if (facts.units) {
        for (const auto& unit : *facts.units) {
            if (unit.running && (unit.name == "ssh.service" || unit.name == "sshd.service")) {
                return {.unit = unit.name,
                        .reload = {"systemctl", "reload", unit.name},
                        .restart = {"systemctl", "restart", unit.name}};
            }
        }
    }
    constexpr std::uint64_t small = 64;
    const auto file = host.running() ? host.read_file("/run/sshd.pid", ports::Links::refuse, small)
                                     : fail(ErrorCode::not_found, "an offline tree");
    const auto digits = file ? file->bytes.substr(0, file->bytes.find_first_not_of("0123456789")) : std::string();
    const bool alive = !digits.empty() && digits != "0" && host.read_info("/proc/" + digits, ports::Links::follow);
    if (alive && !host.read_info("/run/systemd/system", ports::Links::follow)) {
        return {.unit = "sshd (process " + digits + ")", .reload = {"kill", "-HUP", digits}, .restart = {}};
    }
    return {};
}

}  // namespace sshkeep::app
