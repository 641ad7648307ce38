namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>The list of commands.</summary>
internal static class ChatCommands
{
    /// <summary>Every chat command, in the order in which the help lists the commands.</summary>
    public static IReadOnlyList<CommandForm> All { get; } =
    [
        SendCodeCommand.Form,
        PendingCommand.Form,
        ResendCodeCommand.Form,
        ShowCommand.Form,
        CheckCommand.Form,
        AttachCommand.Form,
        CloseCommand.DoneForm,
        CloseCommand.CancelForm,
        HelpCommand.Form,
    ];
}
