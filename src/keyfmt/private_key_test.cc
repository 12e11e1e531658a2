#include "keyfmt/private_key.h"

#include <gtest/gtest.h>

#include "keyfmt/testdata.h"

namespace sshkeep::keyfmt {
namespace {

std::string_view name_of(PrivateKeyHeader::Format format) {
    switch (format) {
        case PrivateKeyHeader::Format::openssh:
            return "openssh";
        case PrivateKeyHeader::Format::pem_rsa:
            return "pem_rsa";
        case PrivateKeyHeader::Format::pem_dsa:
            return "pem_dsa";
        case PrivateKeyHeader::Format::pem_ec:
            return "pem_ec";
        case PrivateKeyHeader::Format::pkcs8:
            return "pkcs8";
        case PrivateKeyHeader::Format::pkcs8_encrypted:
            return "pkcs8_encrypted";
    }
    return "";
}

std::string message_of(const std::string& bytes) {
    const auto header = parse_private_key_header(bytes);
    return header ? "accepted" : header.error().message;
}

std::string replaced(std::string text, std::string_view old_text, std::string_view new_text) {
    const auto at = text.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    return at == std::string::npos ? text : text.replace(at, old_text.size(), new_text);
}

TEST(PrivateKey, EveryFormatTellsWhatStandsInClear) {
    const auto rows = read_table("private_keys.tsv");
    ASSERT_EQ(rows.size(), 21U);
    for (const auto& row : rows) {
        const auto bytes = read_testdata("private/" + row.at(0));
        EXPECT_TRUE(looks_like_private_key(bytes)) << row.at(0);
        const auto header = parse_private_key_header(bytes);
        ASSERT_TRUE(header) << row.at(0) << ": " << header.error().message;
        EXPECT_EQ(name_of(header->format), row.at(1)) << row.at(0);
        EXPECT_EQ(header->encrypted, row.at(2) != "none") << row.at(0);
        EXPECT_EQ(header->cipher, row.at(2)) << row.at(0);
        EXPECT_EQ(header->kdf, row.at(3)) << row.at(0);
        EXPECT_EQ(std::to_string(header->rounds), row.at(4)) << row.at(0);
        EXPECT_EQ(header->public_key ? header->public_key->fingerprint : "-", row.at(5)) << row.at(0);
    }
}

TEST(PrivateKey, CarriageReturnsDoNotMatter) {
    for (const auto& row : read_table("private_keys.tsv")) {
        std::string bytes;
        for (const char c : read_testdata("private/" + row.at(0))) {
            bytes += c == '\n' ? "\r\n" : std::string(1, c);
        }
        const auto header = parse_private_key_header(bytes);
        ASSERT_TRUE(header) << row.at(0) << ": " << header.error().message;
        EXPECT_EQ(header->cipher, row.at(2)) << row.at(0);
    }
}

TEST(PrivateKey, EveryTruncationIsAnErrorOrStillNoPublicKeyOfAnother) {
    for (const auto& row : read_table("private_keys.tsv")) {
        const auto bytes = read_testdata("private/" + row.at(0));
        const auto end = bytes.find("-----END");
        for (std::size_t size = 0; size < end; size += 7) {
            EXPECT_EQ(message_of(bytes.substr(0, size)).find("accepted"), std::string::npos)
                << row.at(0) << ' ' << size;
        }
    }
}

TEST(PrivateKey, DamageIsNamed) {
    const auto openssh = read_testdata("private/openssh_ed25519");
    EXPECT_EQ(message_of(""), "not a private key");
    EXPECT_EQ(message_of("ssh-ed25519 AAAA\n"), "not a private key");
    EXPECT_EQ(message_of("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"), "not a private key");
    EXPECT_EQ(message_of("-----BEGIN PRIVATE KEY-----\n"), "damaged private key: no end");
    EXPECT_EQ(message_of("-----BEGIN SECRET PRIVATE KEY-----\n-----END SECRET PRIVATE KEY-----\n"),
              "unknown format of a private key");
    EXPECT_EQ(message_of("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
              "damaged private key: not DER");
    EXPECT_EQ(message_of(replaced(openssh, "b3BlbnNzaC1rZXktdjE", "b3BlbnNzaC1rZXktdjI")),
              "damaged private key: no openssh-key-v1 inside");
    EXPECT_EQ(message_of(replaced(openssh, "b3Bl", "b3B*")), "damaged private key: not base64");
    EXPECT_EQ(message_of("-----BEGIN RSA PRIVATE KEY-----\n" + std::string(10'000'000, 'A') +
                         "\n-----END RSA PRIVATE KEY-----\n"),
              "private key of more than 524288 characters");
}

TEST(PrivateKey, PemHeadersMustBeWhole) {
    const auto pem = read_testdata("private/pem_rsa_encrypted");
    EXPECT_EQ(message_of(replaced(pem, "DEK-Info", "XEK-Info")), "damaged private key: encryption headers");
    EXPECT_EQ(message_of(replaced(pem, "4,ENCRYPTED", "4,MIC-ONLY")), "damaged private key: encryption headers");
    EXPECT_EQ(message_of(replaced(pem, "AES-128-CBC", "AES\x1B[0mCBC")), "damaged private key: encryption headers");
}

TEST(PrivateKey, OnlyTheFirstBytesAreLookedAt) {
    EXPECT_TRUE(looks_like_private_key("\n# notes\n-----BEGIN OPENSSH PRIVATE KEY-----\n"));
    EXPECT_FALSE(looks_like_private_key("see -----BEGIN OPENSSH PRIVATE KEY-----\n"));
    EXPECT_FALSE(looks_like_private_key("-----BEGIN OPENSSH PUBLIC KEY-----\n"));
    EXPECT_FALSE(looks_like_private_key("-----BEGIN -----\n"));
    EXPECT_FALSE(looks_like_private_key("-----BEGIN ----"));
    EXPECT_FALSE(looks_like_private_key(std::string(5000, '\n') + "-----BEGIN OPENSSH PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace sshkeep::keyfmt
