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

Json host_json(const facts::HostFacts& facts) {
    Json host;
    host["hostname"] = facts.hostname;
    host["root"] = facts.root;
    host["running"] = facts.running;
    host["observed_at"] = facts.observed_at;
    host["os"] = facts.os ? Json(facts.os->pretty_name) : Json();
    if (!facts.openssh) {
        host["openssh"] = nullptr;
    } else if (!facts.openssh->installed) {
        host["openssh"] = {{"installed", false}};
    } else {
        host["openssh"] = {{"installed", true},
                           {"version", render_openssh_version(facts.openssh->version)},
                           {"package", facts.openssh->package_version}};
    }
    return host;
}

std::vector<std::string> notes_of(const rules::Report& report, const facts::HostFacts& facts) {
    auto notes = report.notes;
    if (facts.observer_uid != 0) {
        notes.emplace_back("not run as root: files that only root may read stay unknown");
    }
    return notes;
}

}  // namespace sshkeep::report
