using EdsFunctions.DevHost;

return await DevHostApp.RunAsync(args);
