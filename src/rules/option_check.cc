#include <fmt/format.h>

#include <algorithm>

#include "rules/data_checks.h"

namespace sshkeep::rules {

using sshdconf::Tri;

CheckResult judge_option(const OptionSpec& spec, const Judge& judge, const facts::Context& context) {
    const OpensshVersion& version = judge.config().build.version;
    if ((spec.since && version < *spec.since) || (spec.before && version >= *spec.before)) {
        return {.verdict = Verdict::pass, .detail = fmt::format("{} is not concerned", judge.release())};
    }
    const Answer applies = judge.answer(spec.when, context);
    if (applies.truth == Tri::no) {
        return {.verdict = Verdict::pass, .detail = "does not apply: " + applies.why};
    }
    Answer whole{.truth = Tri::yes};
    for (const Test& test : spec.require) {
        Answer part = judge.answer(test, context);
        if (part.truth == whole.truth) {
            whole.why += (whole.why.empty() ? "" : "; ") + part.why;
            std::ranges::move(part.where, std::back_inserter(whole.where));
        } else if (part.truth == Tri::no || (part.truth == Tri::unknown && whole.truth == Tri::yes)) {
            whole = std::move(part);
        }
    }
    if (const Answer one = judge.answer(spec.any, context); one.truth != Tri::yes && whole.truth != Tri::no) {
        whole = one;
    } else if (whole.why.empty()) {
        whole.why = one.why;
    }
    if (whole.truth == Tri::no && applies.truth == Tri::unknown) {
        return {.verdict = Verdict::unknown, .where = applies.where, .detail = applies.why};
    }
    const Verdict verdict = whole.truth == Tri::yes  ? Verdict::pass
                            : whole.truth == Tri::no ? Verdict::fail
                                                     : Verdict::unknown;
    return {.verdict = verdict, .where = std::move(whole.where), .detail = std::move(whole.why)};
}

}  // namespace sshkeep::rules
