#include "access/pam_stack.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"

namespace sshkeep::access {
namespace {

/// In the order of their numbers, as controls in brackets write them.
constexpr std::array<std::string_view, pam_code_count> code_names{"success",
                                                                  "open_err",
                                                                  "symbol_err",
                                                                  "service_err",
                                                                  "system_err",
                                                                  "buf_err",
                                                                  "perm_denied",
                                                                  "auth_err",
                                                                  "cred_insufficient",
                                                                  "authinfo_unavail",
                                                                  "user_unknown",
                                                                  "maxtries",
                                                                  "new_authtok_reqd",
                                                                  "acct_expired",
                                                                  "session_err",
                                                                  "cred_unavail",
                                                                  "cred_expired",
                                                                  "cred_err",
                                                                  "no_module_data",
                                                                  "conv_err",
                                                                  "authtok_err",
                                                                  "authtok_recover_err",
                                                                  "authtok_lock_busy",
                                                                  "authtok_disable_aging",
                                                                  "try_again",
                                                                  "ignore",
                                                                  "abort",
                                                                  "authtok_expired",
                                                                  "module_unknown",
                                                                  "bad_item",
                                                                  "conv_again",
                                                                  "incomplete"};

/// What to do with a code; a positive number of modules to skip.
enum class Action : std::uint8_t { ignore, ok, done, bad, die, reset, jump };

struct Step {
    Action action = Action::bad;
    unsigned skip = 0;
};

using Actions = std::array<Step, pam_code_count>;

void set(Actions& actions, PamCode code, Action action) { actions[static_cast<std::size_t>(code)] = {action, 0}; }

Actions all(Action action) {
    Actions actions;
    actions.fill({action, 0});
    return actions;
}

std::optional<Step> parse_action(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Action>, 6> words{{{"ignore", Action::ignore},
                                                                        {"ok", Action::ok},
                                                                        {"done", Action::done},
                                                                        {"bad", Action::bad},
                                                                        {"die", Action::die},
                                                                        {"reset", Action::reset}}};
    const auto found = std::ranges::find(words, word, &std::pair<std::string_view, Action>::first);
    if (found != words.end()) {
        return Step{found->second, 0};
    }
    constexpr std::uint64_t most = 4096;
    const auto skip = parse_uint(word);
    return skip && *skip > 0 && *skip <= most ? std::optional(Step{Action::jump, static_cast<unsigned>(*skip)})
                                              : std::nullopt;
}

/// "[success=1 default=ignore]". A control that libpam cannot read makes the module count as failed.
Actions parse_bracketed(std::string_view control) {
    auto actions = all(Action::bad);
    std::string text(control.substr(1, control.size() - (control.ends_with(']') ? 2 : 1)));
    for (const auto word : split_words(text)) {
        const auto equals = word.find('=');
        const auto step = equals == std::string_view::npos ? std::nullopt : parse_action(word.substr(equals + 1));
        if (!step) {
            return all(Action::bad);
        }
        const auto name = ascii_lower(word.substr(0, equals));
        if (name == "default") {
            // Only codes that are not named: libpam fills the rest at the end.
            for (std::size_t i = 0; i < actions.size(); ++i) {
                if (!text.contains(std::string(code_names[i]) + "=")) {
                    actions[i] = *step;
                }
            }
            continue;
        }
        const auto at = std::ranges::find(code_names, name);
        if (at != code_names.end()) {
            actions[static_cast<std::size_t>(at - code_names.begin())] = *step;
        }
    }
    return actions;
}

Actions actions_of(std::string_view control) {
    if (control.starts_with('[')) {
        return parse_bracketed(control);
    }
    if (iequals(control, "sufficient")) {
        auto actions = all(Action::ignore);
        set(actions, PamCode::success, Action::done);
        set(actions, PamCode::new_authtok_reqd, Action::done);
        return actions;
    }
    const bool optional = iequals(control, "optional");
    auto actions = all(optional ? Action::ignore : iequals(control, "requisite") ? Action::die : Action::bad);
    if (!optional && !iequals(control, "required") && !iequals(control, "requisite")) {
        return actions;  // libpam knows no other word
    }
    set(actions, PamCode::success, Action::ok);
    set(actions, PamCode::new_authtok_reqd, Action::ok);
    set(actions, PamCode::ignore, Action::ignore);
    return actions;
}

constexpr unsigned must_fail = static_cast<unsigned>(PamCode::perm_denied);

/// libpam's opinion so far: "undecided", "positive", "negative", and the code that it would return.
struct Mood {
    enum class Impression : std::uint8_t { undecided, positive, negative };
    Impression impression = Impression::undecided;
    unsigned status = must_fail;

    friend auto operator<=>(const Mood&, const Mood&) = default;
};

/// Every way that leads to one line, with the first line that made a difference on it.
using Moods = std::map<Mood, const facts::PamLine*>;

class Walk {
public:
    Walk(const PamQuestion& question, std::vector<const facts::PamLine*> lines)
        : question_(question), lines_(std::move(lines)), moods_(lines_.size() + 1) {}

    PamOutcome run() {
        moods_[0].emplace(Mood{}, nullptr);
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (!moods_[i].empty()) {
                step(i);
            }
        }
        return conclude();
    }

private:
    void step(std::size_t at) {
        const auto answer = answer_of(question_, *lines_[at]);
        if (!answer.why.empty()) {
            whys_.try_emplace(lines_[at], answer.why);
        }
        const auto actions = actions_of(lines_[at]->control);
        for (const auto& [mood, cause] : moods_[at]) {
            for (unsigned code = 0; code < pam_code_count; ++code) {
                if ((answer.codes & (PamCodes{1} << code)) != 0) {
                    go(at, mood, cause != nullptr || answer.why.empty() ? cause : lines_[at], code, actions[code]);
                }
            }
        }
    }

    void go(std::size_t at, Mood mood, const facts::PamLine* cause, unsigned code, const Step& step) {
        using Impression = Mood::Impression;
        std::size_t next = at + 1;
        switch (step.action) {
            case Action::reset:
                mood = {};
                break;
            case Action::ok:
            case Action::done:
                if (mood.impression == Impression::undecided ||
                    (mood.impression == Impression::positive && mood.status == 0)) {
                    mood = {Impression::positive, code};
                }
                if (step.action == Action::done && mood.impression == Impression::positive) {
                    next = lines_.size();
                }
                break;
            case Action::bad:
            case Action::die:
                if (mood.impression != Impression::negative) {
                    const bool no_failure = code == 0 || code == static_cast<unsigned>(PamCode::ignore);
                    mood = {Impression::negative, no_failure ? must_fail : code};
                    cause = cause != nullptr ? cause : lines_[at];
                }
                next = step.action == Action::die ? lines_.size() : next;
                break;
            case Action::jump:
                next += step.skip;
                if (next > lines_.size()) {
                    mood = {Impression::negative, must_fail};
                    cause = lines_[at];
                    next = at + 1 < lines_.size() ? lines_.size() : next - step.skip;
                }
                break;
            case Action::ignore:
                break;
        }
        moods_[std::min(next, lines_.size())].try_emplace(mood, cause);
    }

    PamOutcome conclude() {
        PamOutcome outcome;
        const facts::PamLine* cause = nullptr;
        for (const auto& [mood, line] : moods_.back()) {
            const bool positive = mood.impression == Mood::Impression::positive;
            const auto code = mood.status == 0 && !positive ? must_fail : mood.status;
            outcome.codes |= PamCodes{1} << code;
            cause = code != 0 && line != nullptr ? line : cause;
        }
        if (cause != nullptr) {
            const auto why = whys_.find(cause);
            outcome.reason = {why == whys_.end() ? "PAM's module " + shown(cause->module) + " refuses." : why->second,
                              cause->file, cause->line};
        }
        return outcome;
    }

    const PamQuestion& question_;
    std::vector<const facts::PamLine*> lines_;
    std::vector<Moods> moods_;
    std::map<const facts::PamLine*, std::string> whys_;
};

}  // namespace

PamOutcome run_pam_stack(const PamQuestion& question, std::string_view type) {
    std::vector<const facts::PamLine*> lines;
    for (const auto& line : question.state.facts.pam->lines) {
        if (line.type == type) {
            lines.push_back(&line);
        }
    }
    return Walk(question, std::move(lines)).run();
}

}  // namespace sshkeep::access
