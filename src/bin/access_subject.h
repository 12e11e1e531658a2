#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/access.h"
#include "base/result.h"
#include "bin/host_options.h"
#include "facts/facts.h"
#include "sshdconf/effective.h"

namespace sshkeep::bin {

/// A host that was observed, and the model of who gets in.
class Subject {
public:
    /// Errors: the host or its configuration cannot be read, or sshd refuses the configuration; each reason has then
    /// been told on standard error.
    /// `origins`: where connections come from that will be asked about.
    [[nodiscard]] static Result<std::unique_ptr<Subject>> observe(const HostOptions& options,
                                                                  std::vector<sshdconf::Connection> origins = {});

    [[nodiscard]] const facts::HostFacts& facts() const noexcept { return facts_; }
    [[nodiscard]] const access::Model& model() const noexcept { return model_; }
    /// What keeps the answers from being whole: sshd would not start, parts could not be read.
    [[nodiscard]] std::vector<std::string> notes() const;

private:
    Subject(facts::HostFacts facts, std::int64_t now);

    facts::HostFacts facts_;
    sshdconf::Evaluator evaluator_;
    access::Model model_;
};

}  // namespace sshkeep::bin
