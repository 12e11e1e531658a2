#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/planned_source.h"
#include "sshdconf/test_support.h"

/// Hosts of nothing but a configuration, for the tests of the room.
namespace sshkeep::plan {

inline sshdconf::Build openssh(std::uint16_t major, std::uint16_t minor) {
    sshdconf::Build build;
    build.version = {major, minor, 1};
    return build;
}

struct TestHost {
    facts::HostFacts facts;

    /// The files of `source` and two accounts, root and bob.
    TestHost(sshdconf::MemorySource& source, const sshdconf::Build& build) { read(source, build); }
    explicit TestHost(const std::string& text, const sshdconf::Build& build = sshdconf::bookworm()) {
        sshdconf::MemorySource source;
        source.files[sshdconf::main_path] = text;
        read(source, build);
    }

    /// The host once a plan has been carried out.
    [[nodiscard]] TestHost after(const Plan& plan) const {
        TestHost changed = *this;
        KnownFiles known(*facts.config);
        PlannedSource source(known, plan.changes);
        changed.facts.config = parse_config(sshdconf::main_path, source, facts.build);
        return changed;
    }

    [[nodiscard]] std::string file(const std::string& path) const {
        KnownFiles known(*facts.config);
        return known.read(path).value_or("none");
    }

    /// OPTION=VALUE, as people ask for it.
    [[nodiscard]] Plan set(const std::vector<std::string>& assignments) const {
        std::vector<Wanted> wanted;
        for (const std::string& assignment : assignments) {
            wanted.push_back(wanted_of(assignment, facts.build).value());
        }
        return plan(wanted);
    }
    [[nodiscard]] Plan plan(const std::vector<Wanted>& wanted) const {
        return plan_configuration(facts, wanted, {}).value();
    }

private:
    void read(sshdconf::FileSource& source, const sshdconf::Build& build) {
        facts.build = build;
        facts.config = parse_config(sshdconf::main_path, source, build);
        facts.accounts = std::vector<facts::Account>{{.name = "root", .groups = {"root"}},
                                                     {.name = "bob", .uid = 1000, .groups = {"bob", "users"}}};
    }
};

inline std::string told(const std::vector<LeftOut>& left_out) {
    std::string text;
    for (const LeftOut& one : left_out) {
        text += one.what + ": " + one.why + "\n";
    }
    return text;
}

}  // namespace sshkeep::plan
