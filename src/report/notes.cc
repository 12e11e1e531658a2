#include "report/notes.h"

#include <fmt/format.h>

namespace sshkeep::report {

std::string openssh_of(const facts::HostFacts& facts) {
    if (!facts.openssh) {
        return "OpenSSH of unknown version";
    }
    if (!facts.openssh->installed) {
        return "no OpenSSH server";
    }
    auto text = "OpenSSH " + render_openssh_version(facts.openssh->version);
    if (!facts.openssh->package_version.empty()) {
        text += fmt::format(" ({})", facts.openssh->package_version);
    }
    return text;
}

std::vector<std::string> notes_of(const rules::Report& report, const facts::HostFacts& facts) {
    auto notes = report.notes;
    if (facts.observer_uid != 0) {
        notes.emplace_back("not run as root: files that only root may read stay unknown");
    }
    return notes;
}

}  // namespace sshkeep::report
