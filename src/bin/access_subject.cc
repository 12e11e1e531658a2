#include "bin/access_subject.h"

#include <utility>

#include "bin/diagnostics.h"
#include "bin/progress.h"

namespace sshkeep::bin {
namespace {

std::string told(const access::Reason& reason) {
    if (reason.path.empty()) {
        return reason.text;
    }
    return reason.text + " [" + reason.path + (reason.line == 0 ? "" : ":" + std::to_string(reason.line)) + "]";
}

}  // namespace

Subject::Subject(facts::HostFacts facts, std::int64_t now)
    : facts_(std::move(facts)), evaluator_(*facts_.config), model_(facts_, evaluator_, now) {}

Result<std::unique_ptr<Subject>> Subject::observe(const HostOptions& options,
                                                  std::vector<sshdconf::Connection> origins) {
    const auto host = TRY(options.open());
    auto observe_options = TRY(options.observe_options());
    observe_options.origins = std::move(origins);
    auto facts = [&] {
        const Progress progress("reading " + observe_options.root);
        return app::observe(*host, observe_options);
    }();
    if (!facts.config) {
        return std::unexpected(std::move(facts.config).error());
    }
    if (!tell_diagnostics(*facts.config)) {
        return fail(ErrorCode::invalid, "sshd refuses this configuration");
    }
    return std::unique_ptr<Subject>(new Subject(std::move(facts), observe_options.now));
}

std::vector<std::string> Subject::notes() const {
    std::vector<std::string> notes;
    if (facts_.observer_uid != 0) {
        notes.emplace_back("not run as root: files that only root may read stay unknown");
    }
    const auto reachable = model_.reachable();
    if (reachable.answer == access::Answer::admitted) {
        return notes;
    }
    notes.emplace_back(reachable.answer == access::Answer::refused ? "nobody gets in: sshd does not answer"
                                                                   : "it cannot be told whether sshd answers");
    for (const auto& reason : reachable.reasons) {
        notes.push_back(told(reason));
    }
    return notes;
}

}  // namespace sshkeep::bin
