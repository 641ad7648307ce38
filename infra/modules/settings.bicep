// What is optional in the app's configuration, as app settings. A secret is named here and read from the vault by the platform.

@export()
@sealed()
@description('A chat platform: the secrets that it signs with, the users who may change things, and settings of its own.')
type chat = {
  secretNames: string[]?
  allowedUsers: string[]?
  @description('Settings that only this platform has, such as AppId.')
  settings: { *: string }?
  @description('The same as names of secrets, such as AppSecret.')
  secretSettings: { *: string }?
}

@export()
@sealed()
@description('A channel of a chat, with the region where a command in it names none.')
type chatChannel = {
  id: string
  region: string
}

@export()
@sealed()
@description('A channel that reports are sent to: the secret with its address, and the one that requests are signed with.')
type reportChannel = {
  @description('The kind of channel, such as Slack; the app names those that it knows.')
  kind: string
  urlSecretName: string
  signingSecretName: string?
}

@export()
func secretSettings(key string, secretName string, vault string) object =>
  empty(secretName) ? {} : { '${key}': '@Microsoft.KeyVault(VaultName=${vault};SecretName=${secretName})' }

@export()
func listSettings(key string, secretNames string[], vault string) object =>
  reduce(secretNames, {}, (all, secretName, i) => union(all, secretSettings('${key}__${i}', secretName, vault)))

func textSettings(key string, texts string[]) object =>
  reduce(texts, {}, (all, text, i) => union(all, { '${key}__${i}': text }))

@export()
func chatSettings(chats { *: chat }, vault string) object =>
  reduce(
    items(chats),
    {},
    (all, one) =>
      union(
        all,
        listSettings('ChatOps__${one.key}__Secrets', one.value.?secretNames ?? [], vault),
        textSettings('ChatOps__${one.key}__AllowedUsers', one.value.?allowedUsers ?? []),
        reduce(items(one.value.?settings ?? {}), {}, (own, setting) =>
          union(own, { 'ChatOps__${one.key}__${setting.key}': setting.value })),
        reduce(items(one.value.?secretSettings ?? {}), {}, (own, setting) =>
          union(own, secretSettings('ChatOps__${one.key}__${setting.key}', setting.value, vault)))
      )
  )

@export()
func channelSettings(channels chatChannel[]) object =>
  reduce(
    channels,
    {},
    (all, channel, i) =>
      union(all, {
        'ChatOps__Channels__${i}__Id': channel.id
        'ChatOps__Channels__${i}__DefaultRegion': channel.region
      })
  )

@export()
func reportSettings(channels { *: reportChannel }, vault string) object =>
  reduce(
    items(channels),
    {},
    (all, channel) =>
      union(
        all,
        { 'StaleReport__Channels__${channel.key}__Kind': channel.value.kind },
        secretSettings('StaleReport__Channels__${channel.key}__Url', channel.value.urlSecretName, vault),
        secretSettings('StaleReport__Channels__${channel.key}__Secret', channel.value.?signingSecretName ?? '', vault)
      )
  )
