#include <fmt/format.h>

#include <algorithm>

#include "base/escape.h"
#include "rules/cve_facts.h"
#include "rules/data_checks.h"
#include "rules/debian_version.h"

namespace sshkeep::rules {
namespace {

using sshdconf::Tri;

/// What the package alone tells.
struct ByVersion {
    Tri affected = Tri::unknown;
    std::string why;
};

std::string upstream_range(const CveSpec& spec) {
    const std::string from = spec.since ? render_openssh_version(*spec.since) : std::string("the first release");
    return spec.before ? fmt::format("{} to before {}", from, render_openssh_version(*spec.before))
                       : from + " and later";
}

bool same_release(const OpensshVersion& a, const OpensshVersion& b) { return a.major == b.major && a.minor == b.minor; }

/// "bookworm" of "1:9.2p1-2+deb12u3": the suffix wins over the host's name, for a package of another release.
std::string suite_of(const facts::HostFacts& facts, std::string_view package_version) {
    if (package_version.find("deb11") != std::string_view::npos) {
        return "bullseye";
    }
    if (package_version.find("deb12") != std::string_view::npos) {
        return "bookworm";
    }
    if (package_version.find("deb13") != std::string_view::npos) {
        return "trixie";
    }
    return facts.os && facts.os->id == "debian" ? facts.os->codename : std::string();
}

ByVersion judge_package(const CveSpec& spec, const facts::HostFacts& facts, const facts::OpensshServer& server) {
    const std::string version = render_openssh_version(server.version);
    const std::string package = escape_for_terminal(server.package_version, 80);
    const std::string suite = suite_of(facts, server.package_version);
    const auto fix = std::ranges::find(spec.debian_fixed, suite, &DebianFix::codename);
    const bool before_first = spec.since && server.version < *spec.since;
    const bool after_last = spec.before && server.version >= *spec.before;
    if (before_first || after_last) {
        return {Tri::no, fmt::format("OpenSSH {} is outside the affected range ({})", version, upstream_range(spec))};
    }
    if (!suite.empty() && !server.package_version.empty() && fix != spec.debian_fixed.end()) {
        const bool fixed = compare_debian_versions(server.package_version, fix->version) >= 0;
        return {fixed ? Tri::no : Tri::yes, fmt::format("package {} is {} Debian's fix in {}", package,
                                                        fixed ? "at or past" : "older than", fix->version)};
    }
    const bool portable_unsure =
        server.version.portable == 0 && ((spec.before && same_release(server.version, *spec.before)) ||
                                         (spec.since && same_release(server.version, *spec.since)));
    if (portable_unsure) {
        return {Tri::unknown,
                fmt::format("OpenSSH {} may or may not be in the affected range ({})", version, upstream_range(spec))};
    }
    if (server.distribution_build) {
        return {Tri::unknown,
                fmt::format("OpenSSH {} is in the affected range ({}), but package {} may carry the fix: look "
                            "{} up in the distribution's security tracker",
                            version, upstream_range(spec), package.empty() ? "it" : package, spec.id)};
    }
    return {Tri::yes, fmt::format("OpenSSH {} is in the affected range ({})", version, upstream_range(spec))};
}

/// Whether some connection meets what is asked of the options.
Answer judge_options(const CveSpec& spec, const CheckInput& input) {
    if (spec.needs.empty()) {
        return {.truth = Tri::yes};
    }
    if (!input.facts.config) {
        return {.truth = Tri::unknown, .why = "the configuration is not known: " + input.facts.config.error().message};
    }
    const Judge judge(input, *input.facts.config);
    Answer best{.truth = input.contexts.empty() ? Tri::unknown : Tri::no};
    for (const facts::Context* context : contexts_for(Who::everybody, input)) {
        Answer here = judge.answer(spec.needs, *context);
        if (here.truth == Tri::yes) {
            return here;
        }
        if (best.why.empty() || (here.truth == Tri::unknown && best.truth == Tri::no)) {
            best = std::move(here);
        }
    }
    return best;
}

/// Both kinds of precondition; the worse known answer decides.
Answer judge_needs(const CveSpec& spec, const CheckInput& input) {
    Answer options = judge_options(spec, input);
    if (spec.fact.empty() || options.truth == Tri::no) {
        return options;
    }
    Answer fact = answer_fact(spec.fact, input.facts);
    if (fact.truth != Tri::yes || options.truth == Tri::unknown) {
        return fact.truth == Tri::yes ? options : fact;
    }
    std::ranges::move(options.where, std::back_inserter(fact.where));
    fact.why += options.why.empty() ? std::string() : "; " + options.why;
    return fact;
}

Location installed_at(const facts::OpensshServer& server) {
    const std::string package = server.package_version.empty() ? std::string() : ", package " + server.package_version;
    return {"/usr/sbin/sshd", 0, Untrusted("OpenSSH " + render_openssh_version(server.version) + package)};
}

}  // namespace

std::vector<CheckResult> judge_cve(const CveSpec& spec, const CheckInput& input) {
    if (!input.facts.openssh) {
        return {{.verdict = Verdict::unknown,
                 .detail = "the installed OpenSSH is not known: " + input.facts.openssh.error().message}};
    }
    const facts::OpensshServer& server = *input.facts.openssh;
    if (!server.installed) {
        return {{.verdict = Verdict::unknown, .detail = "no installed OpenSSH server was found"}};
    }
    if (spec.libc == "musl" && !server.musl) {
        return {{.verdict = Verdict::pass, .detail = "only builds on musl are affected"}};
    }
    const ByVersion version = judge_package(spec, input.facts, server);
    if (version.affected == Tri::no) {
        return {{.verdict = Verdict::pass, .detail = version.why}};
    }
    Answer needs = judge_needs(spec, input);
    if (needs.truth == Tri::no) {
        return {{.verdict = Verdict::pass, .detail = "the precondition is not met: " + needs.why}};
    }
    CheckResult result{.verdict = Verdict::unknown, .where = {installed_at(server)}};
    if (version.affected == Tri::yes && needs.truth == Tri::yes) {
        result.verdict = Verdict::fail;
    }
    std::ranges::move(needs.where, std::back_inserter(result.where));
    result.detail = version.why;
    for (const std::string_view more : {std::string_view(needs.why), std::string_view(spec.note)}) {
        result.detail += more.empty() ? std::string() : "; " + std::string(more);
    }
    return {std::move(result)};
}

}  // namespace sshkeep::rules
