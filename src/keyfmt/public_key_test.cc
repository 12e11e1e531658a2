#include "keyfmt/public_key.h"

#include <gtest/gtest.h>

#include "keyfmt/base64.h"
#include "keyfmt/testdata.h"
#include "keyfmt/wire.h"

namespace sshkeep::keyfmt {
namespace {

std::string blob_of(std::string_view kind) {
    const auto line = parse_public_key_line(public_key_line(kind));
    EXPECT_TRUE(line) << kind;
    return line ? line->key.blob : std::string();
}

std::string line_of(std::string_view type, std::string_view blob) {
    auto base64 = encode_base64_unpadded(blob);
    base64.append((4 - base64.size() % 4) % 4, '=');
    return std::string(type) + ' ' + base64;
}

/// The key's blob with other bytes in place of its name.
std::string renamed(std::string_view blob, std::string_view name) {
    WireReader reader(blob);
    EXPECT_TRUE(reader.string());
    std::string out;
    append_string(out, name);
    return out.append(reader.rest());
}

std::string message_of(const Result<PublicKey>& key) { return key ? "accepted" : key.error().message; }
std::string message_of(const Result<PublicKeyLine>& line) { return line ? "accepted" : line.error().message; }

TEST(PublicKey, EveryKindIsReadAsSshKeygenListsIt) {
    const auto rows = read_table("public_keys.tsv");
    ASSERT_EQ(rows.size(), 21U);
    for (const auto& row : rows) {
        const auto line = parse_public_key_line(row.at(3));
        ASSERT_TRUE(line) << row.at(2) << ": " << line.error().message;
        const auto& key = line->key;
        EXPECT_EQ(std::to_string(key.bits), row.at(0));
        EXPECT_EQ(key.fingerprint, row.at(1));
        EXPECT_EQ(std::string(name_of(key.kind)) + (key.certificate ? "-CERT" : ""), row.at(2));
        EXPECT_EQ(key.type, row.at(3).substr(0, row.at(3).find(' ')));
        EXPECT_TRUE(line->comment.raw().starts_with("throw-away"));
    }
}

TEST(PublicKey, EveryTruncationAndEveryExtraByteIsRefused) {
    for (const auto& row : read_table("public_keys.tsv")) {
        const auto blob = parse_public_key_line(row.at(3))->key.blob;
        for (std::size_t size = 0; size < blob.size(); ++size) {
            EXPECT_FALSE(parse_public_key_blob(blob.substr(0, size))) << row.at(2) << " cut at " << size;
        }
        EXPECT_EQ(message_of(parse_public_key_blob(blob + '\0')), "more bytes follow the key");
    }
}

TEST(PublicKey, LengthsBeyondTheBlobAreRefused) {
    auto blob = blob_of("ED25519");
    for (const std::size_t length_at : {0U, 15U}) {
        auto wrong = blob;
        wrong[length_at] = '\xFF';
        EXPECT_EQ(message_of(parse_public_key_blob(wrong)), "the key is truncated");
    }
}

TEST(PublicKey, SecurityKeyTellsItsApplication) {
    EXPECT_EQ(parse_public_key_line(public_key_line("ED25519-SK"))->key.sk_application.raw(), "ssh:login");
    EXPECT_EQ(parse_public_key_line(public_key_line("ECDSA-SK"))->key.sk_application.raw(), "ssh:");
}

TEST(PublicKey, CertificateTellsWhatItGrants) {
    const auto line = parse_public_key_line(public_key_line("RSA-CERT"));
    ASSERT_TRUE(line && line->key.certificate);
    const auto& certificate = *line->key.certificate;
    EXPECT_FALSE(certificate.host);
    EXPECT_EQ(certificate.serial, 7U);
    EXPECT_EQ(certificate.key_id.raw(), "throw-away id");
    ASSERT_EQ(certificate.principals.size(), 2U);
    EXPECT_EQ(certificate.principals[0].raw(), "alice");
    EXPECT_EQ(certificate.principals[1].raw(), "bob");
    EXPECT_EQ(certificate.valid_after, 1767225600U);
    EXPECT_EQ(certificate.valid_before, 1798761600U);
    EXPECT_TRUE(certificate.ca_fingerprint.starts_with("SHA256:"));
    EXPECT_EQ(certificate.signature_algorithm, "ssh-ed25519");
    EXPECT_EQ(line->key.fingerprint, parse_public_key_line(public_key_line("RSA", "2048"))->key.fingerprint);

    const auto host = parse_public_key_line(public_key_line("ED25519-CERT"));
    ASSERT_TRUE(host && host->key.certificate);
    EXPECT_TRUE(host->key.certificate->host);
    EXPECT_EQ(host->key.certificate->valid_after, 0U);
    EXPECT_EQ(host->key.certificate->valid_before, UINT64_MAX);
}

// sshd compares what the names mean: a signature algorithm may stand for the key it belongs to.
TEST(PublicKey, NamesOfSignatureAlgorithmsStandForTheirKey) {
    const auto rsa = parse_public_key_line(public_key_line("RSA", "2048"))->key;
    for (const std::string_view name : {"rsa-sha2-256", "rsa-sha2-512"}) {
        const auto line = parse_public_key_line(line_of(name, rsa.blob));
        ASSERT_TRUE(line) << name;
        EXPECT_EQ(line->key.type, "ssh-rsa");
        const auto inside = parse_public_key_line(line_of("ssh-rsa", renamed(rsa.blob, name)));
        ASSERT_TRUE(inside) << name;
        EXPECT_EQ(inside->key.fingerprint, rsa.fingerprint);
    }
    const auto sk = line_of("webauthn-sk-ecdsa-sha2-nistp256@openssh.com", blob_of("ECDSA-SK"));
    EXPECT_EQ(message_of(parse_public_key_line(sk)), "accepted");
}

TEST(PublicKey, FingerprintIsOfTheCanonicalForm) {
    const auto key = parse_public_key_line(public_key_line("RSA", "2048"))->key;
    WireReader reader(key.blob);
    (void)reader.string();
    const auto exponent = *reader.mpint();
    const auto modulus = *reader.mpint();
    std::string blob;
    append_string(blob, std::string_view("ssh-rsa\0", 8));
    append_string(blob, std::string(3, '\0').append(exponent));
    append_string(blob, std::string(1, '\0').append(modulus));
    const auto same = parse_public_key_blob(blob);
    ASSERT_TRUE(same) << same.error().message;
    EXPECT_EQ(same->fingerprint, key.fingerprint);
}

TEST(PublicKey, WrongNumbersAreRefused) {
    std::string small;
    append_string(small, "ssh-rsa");
    append_mpint(small, "\x03");
    append_mpint(small, std::string(96, '\x7F'));
    EXPECT_EQ(message_of(parse_public_key_blob(small)), "RSA modulus of 767 bits: sshd reads none below 1024");

    std::string huge;
    append_string(huge, "ssh-rsa");
    append_mpint(huge, "\x03");
    append_mpint(huge, std::string(2049, '\x7F'));
    EXPECT_EQ(message_of(parse_public_key_blob(huge)), "damaged RSA numbers");

    std::string negative;
    append_string(negative, "ssh-rsa");
    append_string(negative, "\x03");
    append_string(negative, std::string(256, '\xFF'));
    EXPECT_EQ(message_of(parse_public_key_blob(negative)), "damaged RSA numbers");

    auto point = blob_of("ECDSA");
    point.back() = static_cast<char>(point.back() ^ 1);
    EXPECT_EQ(message_of(parse_public_key_blob(point)), "the point is not on the curve");
    auto curve = blob_of("ECDSA");
    curve[curve.find("\0\0\0\x08nistp256", 0, 12) + 11] = '7';
    EXPECT_EQ(message_of(parse_public_key_blob(curve)), "the curve is not the one that the key's type names");

    std::string shorter;
    append_string(shorter, "ssh-ed25519");
    append_string(shorter, std::string(31, 'x'));
    EXPECT_EQ(message_of(parse_public_key_blob(shorter)), "the key has a wrong length");
}

TEST(PublicKey, UnknownTypesAreRefused) {
    const auto blob = blob_of("ED25519");
    EXPECT_EQ(message_of(parse_public_key_blob(renamed(blob, "ssh-xmss@openssh.com"))),
              "unknown key type inside the key");
    EXPECT_EQ(message_of(parse_public_key_blob(renamed(blob, std::string_view("ssh\0-ed25519", 12)))),
              "the key is truncated");
    EXPECT_EQ(message_of(parse_public_key_line(line_of("ssh-rsa", blob))),
              "the type in front of the key is not the one inside it");
    EXPECT_EQ(message_of(parse_public_key_line(line_of("SSH-ED25519", blob))), "unknown key type");
}

TEST(PublicKeyLine, EndsAtTheLineFeedAndKeepsTheRestAsComment) {
    const auto key = without_comment(public_key_line("ED25519"));
    EXPECT_EQ(parse_public_key_line(key)->comment.raw(), "");
    EXPECT_EQ(parse_public_key_line(key + "\n")->comment.raw(), "");
    EXPECT_EQ(parse_public_key_line(key + "\r\n")->comment.raw(), "");
    EXPECT_EQ(parse_public_key_line(" \t" + key + "  a  b \r\nmore")->comment.raw(), "a  b \r");
    EXPECT_EQ(parse_public_key_line(key + " " + std::string(100'000, 'x'))->comment.raw().size(), 4096U);
}

TEST(PublicKeyLine, DamageIsNamed) {
    const auto key = without_comment(public_key_line("ED25519"));
    EXPECT_EQ(message_of(parse_public_key_line("")), "unknown key type");
    EXPECT_EQ(message_of(parse_public_key_line("ssh-ed25519")), "no key follows its type");
    EXPECT_EQ(message_of(parse_public_key_line("ssh-ed25519 \t")), "no key follows its type");
    EXPECT_EQ(message_of(parse_public_key_line("ssh-ed25519 AAA*")), "the key is not valid base64");
    EXPECT_EQ(message_of(parse_public_key_line(key.substr(0, key.size() - 1))), "the key is not valid base64");
    EXPECT_EQ(message_of(parse_public_key_line(key.substr(0, key.size() - 4))), "the key is truncated");
    EXPECT_EQ(message_of(parse_public_key_line("ssh-rsa " + std::string(10'000'000, 'A'))),
              "the key is longer than 524288 characters");
}

TEST(Base64, ReadsWhatSshdReads) {
    const auto decoded = [](std::string_view text) {
        std::string bytes;
        return decode_base64(text, bytes) ? bytes : std::string("refused");
    };
    EXPECT_EQ(decoded(""), "");
    EXPECT_EQ(decoded("Zm9v"), "foo");
    EXPECT_EQ(decoded("Zm9vYg=="), "foob");
    EXPECT_EQ(decoded("Zm9vYmE="), "fooba");
    EXPECT_EQ(decoded(" Z\tm\n9\rv\vYg\f= =\n"), "foob");
    for (const auto* wrong : {"Z", "Zm", "Zm9", "Zm9vY===", "Zm9v=", "=",
                              "Zm9vYg=", "Zm9vYg==Zg==", "Zm9vYh==", "Zm9vYmF=", "Zm9vYg===", "Zm-v", "\xFFm9v"}) {
        EXPECT_EQ(decoded(wrong), "refused") << wrong;
    }
    EXPECT_EQ(encode_base64_unpadded("foob"), "Zm9vYg");
    EXPECT_EQ(encode_base64_unpadded("\xFB\xFF\xBF"), "+/+/");
}

}  // namespace
}  // namespace sshkeep::keyfmt
