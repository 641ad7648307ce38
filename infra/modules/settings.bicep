// Optional app settings. Secrets are Key Vault references, which the platform resolves.

@export()
@sealed()
@description('A chat platform: its signing secrets, the users who can change something, and other settings.')
type chat = {
  secretNames: string[]?
  allowedUsers: string[]?
  @description('Settings of this platform, such as AppId.')
  settings: { *: string }?
  @description('Settings of this platform as names of secrets, such as AppSecret.')
  secretSettings: { *: string }?
}

@export()
@sealed()
@description('A chat channel with its default region.')
type chatChannel = {
  id: string
  region: string
}

@export()
@sealed()
@description('A report channel: the names of the secret with its URL and of its signing secret.')
type reportChannel = {
  @description('The kind of the channel, such as Slack.')
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
    (all, platform) =>
      union(
        all,
        listSettings('ChatOps__${platform.key}__Secrets', platform.value.?secretNames ?? [], vault),
        textSettings('ChatOps__${platform.key}__AllowedUsers', platform.value.?allowedUsers ?? []),
        reduce(items(platform.value.?settings ?? {}), {}, (own, setting) =>
          union(own, { 'ChatOps__${platform.key}__${setting.key}': setting.value })),
        reduce(items(platform.value.?secretSettings ?? {}), {}, (own, setting) =>
          union(own, secretSettings('ChatOps__${platform.key}__${setting.key}', setting.value, vault)))
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
