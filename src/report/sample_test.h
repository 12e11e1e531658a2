#pragma once

#include <string>

#include "report/report.h"

/// A small made-up audit for the tests of the room.
namespace sshkeep::report::sample {

inline Finding finding(std::string rule, Severity severity, Verdict verdict, std::string detail = {}) {
    Finding out;
    out.title = "Title of " + rule;
    out.rule = std::move(rule);
    out.severity = severity;
    out.verdict = verdict;
    out.context = "every connection";
    out.detail = std::move(detail);
    return out;
}

inline Location place(std::string path, std::uint32_t line, std::string text) {
    return {std::move(path), line, Untrusted(std::move(text))};
}

inline rules::Rule rule(std::string id, Severity severity, std::map<std::string, std::vector<std::string>> controls) {
    rules::Rule out;
    out.title = "Title of " + id;
    out.id = std::move(id);
    out.severity = severity;
    out.why = "Because.";
    out.exploit = "By trying.";
    out.fix = "Option no";
    out.references = {"sshd_config(5)"};
    out.controls = std::move(controls);
    return out;
}

inline rules::Catalogue catalogue() {
    rules::Catalogue out;
    out.rules.push_back(rule("root-login", Severity::critical, {{"cis", {"5.1.20", "5.1.2"}}, {"pci-dss", {"2.2.6"}}}));
    out.rules.push_back(rule("banner", Severity::low, {{"cis", {"5.1.5"}}}));
    out.rules.push_back(rule("pam", Severity::high, {{"cis", {"5.1.22"}}}));
    out.rules.push_back(rule("moduli", Severity::medium, {}));
    out.rules.push_back(rule("not-asked", Severity::medium, {{"cis", {"5.1.3"}}}));
    return out;
}

inline rules::Report report() {
    rules::Report out;
    out.profile = "recommended";
    auto root = finding("root-login", Severity::critical, Verdict::fail, "PermitRootLogin is yes.");
    root.where = {place("/etc/ssh/sshd_config", 33, "PermitRootLogin yes")};
    root.context = "user root";
    root.fix = "PermitRootLogin no";
    out.findings.push_back(root);
    out.findings.push_back(finding("pam", Severity::high, Verdict::unknown, "/etc/pam.d/sshd: permission denied"));
    auto waived = finding("moduli", Severity::medium, Verdict::waived);
    waived.waived_by = "until 2027-01-31: old clients";
    out.findings.push_back(waived);
    out.findings.push_back(finding("banner", Severity::low, Verdict::pass));
    out.summary = {1, 1, 1, 1, 61};
    return out;
}

inline facts::HostFacts facts() {
    facts::HostFacts out;
    out.hostname = "web1";
    out.os = facts::OsRelease{"debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)"};
    facts::OpensshServer server;
    server.installed = true;
    server.version = {9, 2, 1};
    server.package_version = "1:9.2p1-2+deb12u10";
    out.openssh = server;
    return out;
}

}  // namespace sshkeep::report::sample
