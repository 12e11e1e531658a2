// Whole audits of hosts much larger than usual: what they cost grows with the host, not with its square or cube.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "app/observe.h"
#include "rules/catalogue.h"
#include "rules/engine.h"
#include "support/fake_host.h"

namespace sshkeep::app {
namespace {

/// Many times what an unoptimised build with sanitizers takes, and far below what a cubic audit would.
constexpr std::chrono::seconds patience{60};

rules::Report audit(support::FakeHost& host) {
    const auto catalogue = rules::parse_catalogue(rules::shipped_rules());
    const auto profile = rules::parse_profile("recommended", rules::shipped_profiles(), catalogue.value());
    return rules::evaluate(observe(host, {}), *catalogue, profile.value(), {}, 0);
}

TEST(Scale, TwoThousandMatchBlocks) {
    support::FakeHost host;
    std::string config;
    for (int i = 0; i < 2000; ++i) {
        const auto name = "u" + std::to_string(i);
        config += "Match User " + name + "\nX11Forwarding " + (i == 1234 ? "yes" : "no") + "\n";
        if (i % 2 == 0) {
            host.add_account({.name = name, .uid = 1000, .gid = 1000, .home = "/home/" + name, .shell = "/bin/sh"});
        }
    }
    host.add_file("/etc/ssh/sshd_config", config);
    const auto start = std::chrono::steady_clock::now();
    const auto report = audit(host);
    EXPECT_LT(std::chrono::steady_clock::now() - start, patience);
    const bool found = std::ranges::any_of(report.findings, [](const Finding& finding) {
        return finding.verdict == Verdict::fail && finding.context.contains("Match User u1234");
    });
    EXPECT_TRUE(found) << "the one block that differs is judged";
}

}  // namespace
}  // namespace sshkeep::app
