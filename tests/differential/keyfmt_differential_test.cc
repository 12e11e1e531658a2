// The oracle is the real `ssh-keygen -lf`: which lines hold a key, and the size, fingerprint and kind of each.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "keyfmt/authorized_keys.h"
#include "keyfmt/base64.h"
#include "keyfmt/key_options.h"
#include "keyfmt/key_text.h"
#include "keyfmt/private_key.h"
#include "keyfmt/public_key.h"

namespace sshkeep::keyfmt {
namespace {

namespace fs = std::filesystem;

constexpr int mutated_lines = 3000;

std::string output_of(const std::string& command) {
    struct Close {
        void operator()(FILE* pipe) const { (void)pclose(pipe); }
    };
    const std::unique_ptr<FILE, Close> pipe(popen(command.c_str(), "r"));
    std::string output;
    std::array<char, 4096> buffer{};
    for (std::size_t size = 0; pipe && (size = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
        output.append(buffer.data(), size);
    }
    return output;
}

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

std::string read_whole(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// "256 SHA256:... (ED25519)", as both sides say it of one line.
std::string summary_of(const PublicKey& key) {
    return std::to_string(key.bits) + ' ' + key.fingerprint + " (" + std::string(name_of(key.kind)) +
           (key.certificate ? "-CERT)" : ")");
}

/// What ssh-keygen looks for in a line: a key, or a key after one word, whose options it does not judge. Unlike sshd it
/// takes no more than one blank after that word.
std::string find_key(std::string_view line) {
    line = without_leading_blanks(line.substr(0, line.find('\0')));
    if (line.empty() || line.starts_with('#')) {
        return {};
    }
    auto key = take_key(line);
    if (const auto length = length_of_options(line); !key && length < line.size()) {
        line = line.substr(length + 1);
        key = take_key(line);
    }
    return key ? summary_of(*key) : std::string();
}

class Keygen : public testing::Test {
protected:
    static void SetUpTestSuite() {
        std::string name = (fs::temp_directory_path() / "keyfmt-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        ASSERT_TRUE(run("ssh-keygen -q -t ed25519 -N '' -f " + path("ca"))) << "ssh-keygen is needed";
        for (const auto* options : {"-t rsa -b 1024", "-t rsa -b 2048", "-t rsa -b 3072", "-t ecdsa -b 256",
                                    "-t ecdsa -b 384", "-t ecdsa -b 521", "-t ed25519", "-t dsa"}) {
            make_key(options);
        }
        make_security_keys();
        ASSERT_GE(lines_.size(), 9U);
    }

    static void TearDownTestSuite() { fs::remove_all(folder_); }

    static std::string path(const std::string& name) { return (folder_ / name).string(); }

    static void make_key(const std::string& options) {
        const auto name = "key" + std::to_string(lines_.size());
        if (run("ssh-keygen -q -N '' -C 'a comment' -f " + path(name) + ' ' + options)) {
            names_.push_back(name);
            lines_.push_back(first_line(name + ".pub"));
        } else {
            ASSERT_EQ(options, "-t dsa") << "only DSA may be missing: newer releases lack it";
        }
    }

    /// ssh-keygen makes these only with a token at hand, so other keys lend their numbers.
    static void make_security_keys() {
        for (const auto* words :
             {"ecdsa-sha2-nistp256 sk-ecdsa-sha2-nistp256@openssh.com", "ssh-ed25519 sk-ssh-ed25519@openssh.com"}) {
            const auto names = split(words, ' ');
            for (std::size_t i = 0; i < names_.size(); ++i) {
                if (lines_[i].starts_with(std::string(names[0]) + ' ')) {
                    const auto blob = parse_public_key_line(lines_[i])->key.blob;
                    lines_.push_back(text_of(names[1], renamed(blob, names[1]) + std::string("\0\0\0\x04ssh:", 8)));
                    break;
                }
            }
        }
    }

    static std::string first_line(const std::string& name) {
        const auto text = read_whole(path(name));
        return text.substr(0, text.find('\n'));
    }

    static std::string renamed(const std::string& blob, std::string_view name) {
        const std::string length{'\0', '\0', '\0', static_cast<char>(name.size())};
        return length + std::string(name) + blob.substr(4 + static_cast<unsigned char>(blob[3]));
    }

    static std::string text_of(std::string_view type, const std::string& blob) {
        auto base64 = encode_base64_unpadded(blob);
        base64.append((4 - base64.size() % 4) % 4, '=');
        return std::string(type) + ' ' + base64;
    }

    /// One summary for each key that ssh-keygen finds in a file of these lines.
    static std::vector<std::string> listed(const std::vector<std::string>& lines) {
        // The first line keeps ssh-keygen from taking the file for a private key.
        std::ofstream file(path("lines"), std::ios::binary);
        file << "#\n";
        for (const auto& line : lines) {
            file << line << '\n';
        }
        file.close();
        std::vector<std::string> summaries;
        const auto output = output_of("ssh-keygen -lf " + path("lines") + " 2>/dev/null");
        for (const auto line : split(output, '\n')) {
            if (!line.empty()) {
                const auto second = line.find(' ', line.find(' ') + 1);
                summaries.push_back(std::string(line.substr(0, second)) + std::string(line.substr(line.rfind(' '))));
            }
        }
        return summaries;
    }

    inline static std::vector<std::string> names_;  ///< of key pairs in the folder
    inline static std::vector<std::string> lines_;  ///< the public line of each, then lines that have no private key

private:
    inline static fs::path folder_;
};

/// Random damage, most of it where lengths and names are.
class Mutator {
public:
    explicit Mutator(const std::vector<std::string>& lines) : lines_(lines) {}

    std::string line() {
        const auto& line = lines_[below(lines_.size())];
        const auto words = split(line, ' ');
        std::string type(words[0]);
        std::string base64(words[1]);
        if (below(2) == 0) {
            std::string blob;
            (void)decode_base64(base64, blob);
            mutate_bytes(blob);
            base64 = encode_base64_unpadded(blob);
            base64.append((4 - base64.size() % 4) % 4, '=');
        } else {
            mutate_text(base64);
        }
        if (below(8) == 0) {
            type = one_of({"ssh-rsa", "rsa-sha2-256", "rsa-sha2-512", "ssh-ed25519", "ecdsa-sha2-nistp384", "ssh-dsa",
                           "SSH-RSA", "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", ""});
        }
        return options() + type + one_of({" ", "\t", "  ", " \t "}) + base64 +
               one_of({"", "\r", " ", " a # b", "\tx\r"});
    }

private:
    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_); }

    std::string one_of(const std::vector<std::string>& choices) { return choices[below(choices.size())]; }

    std::string options() {
        return one_of({"", "", "", "", " ", "\t \t", "no-pty ", "no-pty,  ", "command=\"a b\" ", "command=\"a\\\" b\" ",
                       "command=\"a b ", "\"\" ", "host,*.host\t", "\v", "#", "x y ", "from=\"a\"\"b\" ", "\\\" "});
    }

    void mutate_bytes(std::string& blob) {
        for (std::size_t changes = below(3); changes > 0 && !blob.empty(); --changes) {
            const auto at = below(2) == 0 ? below(std::min<std::size_t>(blob.size(), 48)) : below(blob.size());
            switch (below(4)) {
                case 0:
                    blob[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    blob[at] = static_cast<char>(blob[at] ^ 1);
                    break;
                case 2:
                    blob.insert(at, 1, static_cast<char>(below(2)));
                    break;
                default:
                    blob.erase(at, 1 + below(4));
                    break;
            }
        }
    }

    void mutate_text(std::string& base64) {
        static const std::string alphabet("ABab01+/==-_ \t\r\v\0\xFF", 18);
        for (std::size_t changes = below(3); changes > 0 && !base64.empty(); --changes) {
            const auto at = below(3) == 0 ? base64.size() - 1 - below(std::min<std::size_t>(base64.size(), 5))
                                          : below(base64.size());
            switch (below(4)) {
                case 0:
                    base64[at] = alphabet[below(alphabet.size())];
                    break;
                case 1:
                    base64.insert(at, 1, alphabet[below(alphabet.size())]);
                    break;
                case 2:
                    base64.erase(at, 1 + below(4));
                    break;
                default:
                    base64 += '=';
                    break;
            }
        }
    }

    const std::vector<std::string>& lines_;
    std::mt19937 random_{20260101};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same lines in every run
};

TEST_F(Keygen, KeysAndCertificatesOfAllKindsAreListedAlike) {
    auto lines = lines_;
    for (const auto& name : names_) {
        for (const auto* options :
             {"-n alice,bob -V +1d", "-h -z 18446744073709551615 -O clear", "-O force-command=x -O no-pty"}) {
            ASSERT_TRUE(run("ssh-keygen -q -s " + path("ca") + " -I id " + options + ' ' + path(name + ".pub")));
            lines.push_back(first_line(name + "-cert.pub"));
        }
    }
    std::vector<std::string> ours;
    for (const auto& line : lines) {
        const auto parsed = parse_public_key_line(line);
        ASSERT_TRUE(parsed) << line << ": " << parsed.error().message;
        ours.push_back(summary_of(parsed->key));
    }
    EXPECT_EQ(ours, listed(lines));
}

TEST_F(Keygen, PrivateKeysOfAllFormatsNameTheirPublicKey) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
        for (const auto* format : {"-m RFC4716", "-m PEM", "-m PKCS8"}) {
            const auto file = path(names_[i]);
            ASSERT_TRUE(run("ssh-keygen -q -p -P '' -N '' -f " + file + ' ' + format));
            const auto header = parse_private_key_header(read_whole(file));
            ASSERT_TRUE(header) << lines_[i] << format << ": " << header.error().message;
            EXPECT_FALSE(header->encrypted);
            // PKCS #8 does not hold the public number of DSA.
            if (header->format != PrivateKeyHeader::Format::pkcs8 || !lines_[i].starts_with("ssh-dss")) {
                ASSERT_TRUE(header->public_key) << lines_[i] << format;
                EXPECT_EQ(summary_of(*header->public_key), listed({lines_[i]}).at(0));
            }
            ASSERT_TRUE(run("ssh-keygen -q -p -P '' -N passphrase -a 1 -f " + file + ' ' + format));
            const auto encrypted = parse_private_key_header(read_whole(file));
            ASSERT_TRUE(encrypted) << lines_[i] << format << ": " << encrypted.error().message;
            EXPECT_TRUE(encrypted->encrypted);
            ASSERT_TRUE(run("ssh-keygen -q -p -P passphrase -N '' -f " + file));
        }
    }
}

TEST_F(Keygen, DamagedLinesAreTakenAndRefusedAlike) {
    Mutator mutator(lines_);
    std::vector<std::string> lines;
    lines.reserve(mutated_lines);
    for (int i = 0; i < mutated_lines; ++i) {
        lines.push_back(mutator.line());
    }
    std::vector<std::string> ours;
    std::vector<std::string> lines_of_ours;
    for (const auto& line : lines) {
        if (auto summary = find_key(line); !summary.empty()) {
            ours.push_back(std::move(summary));
            lines_of_ours.push_back(line);
        }
    }
    const auto theirs = listed(lines);
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
        ASSERT_EQ(ours[i], theirs[i]) << "between\n"
                                      << lines_of_ours[i == 0 ? 0 : i - 1] << "\nand\n"
                                      << lines_of_ours[i];
    }
    EXPECT_EQ(ours.size(), theirs.size());
    // The test is worth nothing when nearly all lines go one way.
    EXPECT_GT(ours.size(), lines.size() / 5);
    EXPECT_LT(ours.size(), lines.size() * 4 / 5);

    // authorized_keys takes no line in which ssh-keygen finds no key, and refuses others only for their options.
    std::string file;
    for (const auto& line : lines) {
        file += line + '\n';
    }
    std::size_t accepted = 0;
    for (const auto& entry : parse_authorized_keys(file)) {
        const auto& line = lines[entry.line - 1];
        if (entry.key) {
            EXPECT_TRUE(find_key(line) == summary_of(*entry.key) || line.starts_with("no-pty,  ")) << line;
            ++accepted;
        } else if (!find_key(line).empty()) {
            EXPECT_TRUE(entry.rejected.find("option") != std::string::npos ||
                        entry.rejected.find("quote") != std::string::npos)
                << entry.rejected << ": " << line;
        }
    }
    EXPECT_GT(accepted, lines.size() / 6);
}

}  // namespace
}  // namespace sshkeep::keyfmt
