#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "keyfmt/authorized_keys.h"
#include "keyfmt/base64.h"
#include "keyfmt/testdata.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

RC_GTEST_PROP(Base64Property, DecodesWhatItEncoded, (const std::string& bytes)) {
    auto text = encode_base64_unpadded(bytes);
    text.append((4 - text.size() % 4) % 4, '=');
    std::string decoded;
    RC_ASSERT(decode_base64(text, decoded));
    RC_ASSERT(decoded == bytes);
}

RC_GTEST_PROP(WireProperty, ReadsWhatWasAppended,
              (const std::string& first, const std::string& number, std::uint32_t more)) {
    std::string blob;
    append_string(blob, first);
    append_mpint(blob, without_leading_zeros(number));
    blob.append(more % 3, 'x');
    WireReader reader(blob);
    RC_ASSERT(reader.string() == first);
    RC_ASSERT(reader.mpint() == without_leading_zeros(number));
    RC_ASSERT(reader.at_end() == (more % 3 == 0));
}

/// A line of pieces that mean something to the parser, in any order.
rc::Gen<std::string> lines() {
    static const std::vector<std::string> pieces{" ",
                                                 "\t",
                                                 ",",
                                                 "\"",
                                                 "\\",
                                                 "#",
                                                 "\r",
                                                 std::string(1, '\0'),
                                                 "restrict",
                                                 "no-pty",
                                                 "cert-authority",
                                                 "command=",
                                                 "from=",
                                                 "expiry-time=",
                                                 "principals=",
                                                 "20260101Z",
                                                 "10.0.0.0/8",
                                                 without_comment(public_key_line("ED25519")),
                                                 without_comment(public_key_line("ECDSA")),
                                                 "ssh-rsa",
                                                 "\xFF"};
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                        [](const std::vector<std::string>& chosen) { return join(chosen, ""); });
}

// Each line stands for itself: what surrounds it changes nothing but its number.
RC_GTEST_PROP(AuthorizedKeysProperty, LinesAreIndependent, ()) {
    const auto file = *rc::gen::container<std::vector<std::string>>(lines());
    std::vector<AuthorizedKey> one_by_one;
    for (std::size_t i = 0; i < file.size(); ++i) {
        for (auto& entry : parse_authorized_keys(file[i])) {
            entry.line = static_cast<std::uint32_t>(i + 1);
            one_by_one.push_back(std::move(entry));
        }
    }
    const auto together = parse_authorized_keys(join(file, "\n"));
    RC_ASSERT(together.size() == one_by_one.size());
    for (std::size_t i = 0; i < together.size(); ++i) {
        RC_ASSERT(together[i].line == one_by_one[i].line);
        RC_ASSERT(together[i].rejected == one_by_one[i].rejected);
        RC_ASSERT(together[i].comment == one_by_one[i].comment);
        RC_ASSERT(together[i].key.has_value() == together[i].rejected.empty());
    }
}

// Options that are written by the rules are read back, whatever the value holds.
RC_GTEST_PROP(AuthorizedKeysProperty, QuotedValuesComeBack, (const std::string& text)) {
    // A NUL or line feed ends the line, and a backslash before a quote cannot be written.
    auto value = text;
    std::erase_if(value, [](char c) { return c == '\0' || c == '\n' || c == '\\'; });
    std::string quoted;
    for (const char c : value) {
        quoted += c == '"' ? "\\\"" : std::string(1, c);
    }
    const auto entries = parse_authorized_keys("command=\"" + quoted + "\",no-pty " + public_key_line("ED25519"));
    RC_ASSERT(entries.size() == 1U);
    RC_ASSERT(entries[0].rejected.empty());
    RC_ASSERT(entries[0].options.command->raw() == value);
    RC_ASSERT(!entries[0].options.pty);
}

}  // namespace
}  // namespace sshkeep::keyfmt
