#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/finding.h"

namespace sshkeep::rules {

/// How a rule decides; made from the [check] table of the rule.
struct CheckSpec;

/// What a plan may write by itself to mend what a rule finds.
struct Remedy {
    bool written = false;            ///< directives of sshd_config do it
    std::vector<std::string> lines;  ///< which ones, with {parameters}; empty: those of the finding's fix
    std::string by_hand;  ///< why it is left to a person; empty together with `written`: no matter of sshd_config
};

/// One rule of the catalogue.
struct Rule {
    std::string id;  ///< "root-login-password": lower case and dashes
    std::string title;
    Severity severity = Severity::medium;
    std::string why;      ///< what it protects, in a few sentences
    std::string exploit;  ///< how an attacker uses the weakness
    std::string fix;      ///< the lines to write or the commands to run
    Remedy remedy;
    std::vector<std::string> references;  ///< man pages, RFCs, CVEs
    /// Controls of frameworks: "pci-dss" -> {"2.2.6"}, "cis-debian12" -> {"5.1.20"}, "hipaa", "stig-rhel9", ...
    std::map<std::string, std::vector<std::string>> controls;
    /// Rows of the peers' catalogues that the rule answers: "lynis:SSH-7408:PermitRootLogin", "dev-sec:sshd-06", ...
    std::vector<std::string> covers;
    std::map<std::string, std::string> parameters;  ///< defaults
    std::shared_ptr<const CheckSpec> check;
};

struct Catalogue {
    std::vector<Rule> rules;
    [[nodiscard]] const Rule* find(std::string_view id) const;
};

/// Which rules count and how: the selected rules with parameters and severities.
struct Profile {
    std::string name;
    std::string title;
    std::string note;  ///< what a person should know about it
    struct Selected {
        const Rule* rule = nullptr;  ///< into the catalogue
        Severity severity = Severity::medium;
        std::map<std::string, std::string> parameters;
        std::string remark;  ///< "the article writes Protocol 2; OpenSSH 7.4 and later speak nothing else"
    };
    std::vector<Selected> selected;
};

/// "{max}" in a text is the parameter of that name.
[[nodiscard]] std::string fill_in(std::string text, const std::map<std::string, std::string>& parameters);

/// A file of the catalogue: name without folder and its TOML text.
struct CatalogueFile {
    std::string_view name;
    std::string_view text;
};

/// The files built into this program (catalogue/ of the source tree).
[[nodiscard]] const std::vector<CatalogueFile>& shipped_rules();
[[nodiscard]] const std::vector<CatalogueFile>& shipped_profiles();

[[nodiscard]] Result<Catalogue> parse_catalogue(const std::vector<CatalogueFile>& files);
/// `extends` names another profile of `files`; a later setting wins.
[[nodiscard]] Result<Profile> parse_profile(std::string_view name, const std::vector<CatalogueFile>& files,
                                            const Catalogue& catalogue);

}  // namespace sshkeep::rules
